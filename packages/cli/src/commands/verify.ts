import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { Verdict } from '@symbolon/protocol/schemas/verdict';
import { verify } from '@symbolon/verifier/verify';
import type { Command } from 'commander';
import * as z from 'zod/mini';
import { systemNow } from '../clock.ts';
import { exitCodeOf } from '../exit-code.ts';
import { note, print, printJson } from '../output/terminal.ts';
import { verdictText } from '../output/verdict-text.ts';
import { policyOption } from '../policy-option.ts';
import { readPresentation } from '../read-presentation.ts';
import { defaultTrustFolder } from '../trust/default-paths.ts';
import { loadTrust } from '../trust/load-trust.ts';
import { instantOption } from './arguments.ts';

interface Options {
  readonly trust: string;
  readonly root?: string;
  readonly policy?: string;
  readonly region?: string;
  readonly at?: Instant;
  readonly json?: boolean;
}

/** `symbolon verify`: one presentation, one verdict, no network. */
export function verifyCommand(program: Command, setExitCode: (code: number) => void): void {
  program
    .command('verify')
    .argument(
      '<file>',
      'a QR image (PNG or JPEG), a SYM1: text, an SD-JWT or a JSON-LD credential; - reads standard input',
    )
    .summary('check a presentation offline and say why')
    .description(
      'Checks one presentation against a trust bundle and a pinned root, without any network, and says why.',
    )
    .option('--trust <path>', 'a folder made by "trust init", or a bundle file', defaultTrustFolder())
    .option('--root <file>', 'the pinned root (a trust folder has its own)')
    .option('--policy <file>', 'the acceptance policy (JSON); without one, any favourable level is accepted')
    .option(
      '--region <id>',
      'without --policy: the region whose recognition counts (the issuer itself if absent)',
    )
    .option('--at <instant>', 'verify as of this time (YYYY-MM-DDTHH:MM:SSZ) instead of now', instantOption)
    .option('--json', 'print the verdict as one JSON object')
    .addHelpText(
      'after',
      `
Exit code: 0 accepted, 1 refused, 2 a person must decide, 64 wrong usage, 65 unreadable input or no trust anchor.

Examples:
  symbolon verify photo.png
  symbolon verify shown.png --trust trust.bundle --root root.json --policy gate.json
  symbolon holder show --as qr-text | symbolon verify - --json`,
    )
    .action(async (file: string, options: Options) => {
      const now = options.at ?? systemNow();
      const trust = await loadTrust({
        trust: options.trust,
        ...(options.root === undefined ? {} : { root: options.root }),
        now,
        warn: note,
      });
      const presentation = await readPresentation(file);
      const policy = await policyOption(options.policy, options.region, presentation, trust);
      const verdict = await verify(presentation, trust, policy, now);
      if (options.json) printJson(z.encode(Verdict, verdict));
      else print(verdictText(verdict));
      // What is no presentation at all is unreadable input, not a refused holder.
      const [finding] = verdict.findings;
      if (finding?.code === 'presentation-unrecognised') throw new SymbolonError('presentation-unrecognised');
      setExitCode(exitCodeOf(verdict));
    });
}
