import { availableParallelism } from 'node:os';
import { SymbolonError } from '@symbolon/protocol/errors';
import { encodeVerdict } from '@symbolon/verifier/verdict-json';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { exitCodeOf } from '../exit-code.ts';
import { print, printJson } from '../output/terminal.ts';
import { verdictText } from '../output/verdict-text.ts';
import { UsageError } from '../usage-error.ts';
import type { LineOutcome } from '../verify/judge-lines.ts';
import { isUnreadable } from '../verify/verdict-kind.ts';
import { verifyFiles } from '../verify/verify-files.ts';
import { count } from './arguments.ts';
import { FILES, type VerdictOptions, withVerdictOptions } from './verify-options.ts';

interface Options extends VerdictOptions {
  readonly lines?: string;
  readonly only?: ReadonlySet<LineOutcome>;
  readonly summary?: boolean;
  readonly jobs?: number;
  readonly lineTimes?: boolean;
}

/** More threads than that only wait for the one that writes. */
const MOST_JOBS = 64;
/** Without being asked, no more than this: each thread has memory of its own. */
const DEFAULT_JOBS = 8;
const OUTCOMES = ['accepted', 'referred', 'refused', 'unreadable'] as const satisfies readonly LineOutcome[];

/** `symbolon verify`: one showing, one verdict, no network; or a list of them. */
export function verifyCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('verify')
    .argument('[file...]', FILES)
    .summary('check a presentation offline and say why')
    .description(
      'Checks what is shown against a trust bundle and a pinned root, without any network, and says why.',
    );
  withVerdictOptions(command)
    .option('--lines <file>', 'JSON Lines in place of files: a presentation a line; - reads standard input')
    .option(
      '--only <outcomes>',
      'with --lines: print but these, of accepted,referred,refused,unreadable',
      only,
    )
    .option('--summary', 'with --lines: print the summary alone')
    .addOption(
      new Option(
        '--line-times',
        'with --lines: a line may say as of when it is judged ("at"); only where whoever writes the lines, and not who shows, sets it',
      ).conflicts('at'),
    )
    .option(
      '--jobs <number>',
      'with --lines: how many threads (one for each core, at most 8, if absent); each takes some 75 MB and more with a large registry',
      count(MOST_JOBS),
    )
    .option('--json', 'print the verdict as one JSON object; with --lines, the summary')
    .addHelpText(
      'after',
      `
Exit code: 0 accepted, 1 refused, 2 a person must decide, 64 wrong usage, 65 unreadable input or no trust anchor. With --lines: 0 all accepted,
1 some refused or unreadable, 2 some referred and none refused, 73 not all written, 130 interrupted.

With --lines, a line is a presentation as it is, or {"id": "...", "presentation": "..." or ["...", "..."]}, with --line-times also
"at": "YYYY-MM-DDTHH:MM:SSZ". What a stranger's code says can be such an object: whoever writes what was scanned puts it under "presentation".

Examples:
  symbolon verify photo.png
  symbolon verify shown.png --trust trust.bundle --root root.json --policy gate.json
  symbolon holder show --as qr-text | symbolon verify - --json
  symbolon verify health.png test.png --venue gate-7.png
  symbolon verify --lines manifest.jsonl --policy gate.json --only referred,refused,unreadable`,
    )
    .action(async (files: readonly string[], options: Options) => {
      const { lines, jobs, ...rest } = options;
      if (lines !== undefined) {
        if (files.length > 0) throw new UsageError('Give files or --lines, not both.');
        const { verifyLines } = await import('./verify-lines.ts');
        setExitCode(
          await verifyLines(lines, { ...rest, jobs: jobs ?? Math.min(DEFAULT_JOBS, availableParallelism()) }),
        );
        return;
      }
      if (options.only !== undefined || options.summary || options.lineTimes || jobs !== undefined)
        throw new UsageError('--only, --summary, --line-times and --jobs go with --lines.');
      if (files.length === 0) command.error('error: missing argument: a file, - or --lines');
      const { verdict } = await verifyFiles(files, options);
      if (options.json) printJson(encodeVerdict(verdict));
      else print(verdictText(verdict));
      if (isUnreadable(verdict, files.length)) throw new SymbolonError('presentation-unrecognised');
      setExitCode(exitCodeOf(verdict));
    });
}

function only(value: string): ReadonlySet<LineOutcome> {
  const chosen = value.split(',').map((word) => OUTCOMES.find((each) => each === word.trim()));
  const known = chosen.filter((each) => each !== undefined);
  if (known.length < chosen.length) throw new InvalidArgumentError(`It is a list of ${OUTCOMES.join(', ')}.`);
  return new Set(known);
}
