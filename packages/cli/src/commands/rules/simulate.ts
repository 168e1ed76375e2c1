import type { Instant } from '@symbolon/protocol/instant';
import type { Command } from 'commander';
import { systemNow } from '../../clock.ts';
import { givenBy } from '../../files/file-fault.ts';
import { print, printJson, progressLine } from '../../output/terminal.ts';
import { jsonLines } from '../../rules/json-lines.ts';
import { compiledRules, readPlaces, readSchemeFile } from '../../rules/read-rules.ts';
import { type Simulation, simulate } from '../../rules/simulate.ts';
import { levelText } from '../../rules/words.ts';
import { instantOption } from '../arguments.ts';

interface Options {
  readonly scheme: string;
  readonly subjects: string;
  readonly places?: string;
  readonly at?: Instant;
  readonly json?: boolean;
}

/** `symbolon rules simulate`: whom a new rule set would concern, before it is published. */
export function simulateCommand(parent: Command): void {
  parent
    .command('simulate')
    .argument('<old>', 'the rule set in force')
    .argument('<new>', 'the rule set that is to come')
    .summary('how many people would change level, from which to which')
    .description(
      'Runs two rule sets on anonymised subjects, one a line, and counts whose level would change. Nothing but counts is kept or printed.',
    )
    .requiredOption('--scheme <file>', 'the scheme: schemes/<id>.json')
    .requiredOption('--subjects <file>', 'JSON Lines, {"facts": [...]} a line; - reads standard input')
    .option('--places <file>', 'what the region says of places: places.<scheme>.json')
    .option('--at <instant>', 'as of this time (YYYY-MM-DDTHH:MM:SSZ) instead of now', instantOption)
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      `
Exit code: 0 counted, 64 wrong usage, 65 a file or a line cannot be read, 1 the rules do not compile.

Example:
  symbolon rules simulate rules.health.json new.json --scheme schemes/health.json --subjects subjects.jsonl`,
    )
    .action(async (oldPath: string, newPath: string, options: Options) => {
      const now = options.at ?? systemNow();
      const scheme = await readSchemeFile(options.scheme);
      const before = await compiledRules(oldPath, scheme, now);
      const after = await compiledRules(newPath, scheme, now);
      const places = await readPlaces(options.places);
      const progress = progressLine('Subjects');
      try {
        const lines = jsonLines(options.subjects, (received, total) => progress.update(received, total));
        const result = await givenBy('--subjects', () => simulate(before, after, lines, places, now));
        progress.done();
        if (options.json) printJson(result);
        else print(simulationText(result, (level) => levelText(scheme.scheme, level ?? undefined, 'en')));
      } finally {
        progress.done();
      }
    });
}

function simulationText(
  { subjects, changed, levels }: Simulation,
  level: (id: string | null) => string,
): string {
  const share = (count: number) => (subjects === 0 ? '0' : ((100 * count) / subjects).toFixed(2));
  const rows = levels.map((each) =>
    each.from === each.to
      ? `  ${each.subjects} stay ${level(each.from)}`
      : `  ${each.subjects} (${share(each.subjects)} %) from ${level(each.from)} to ${level(each.to)}`,
  );
  return [`${changed} of ${subjects} subjects would change level (${share(changed)} %)`, ...rows].join('\n');
}
