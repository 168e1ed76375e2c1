import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { type Command, Option } from 'commander';
import type { PolicyChoice } from '../policy-option.ts';
import { defaultTrustFolder } from '../trust/default-paths.ts';
import { instantOption } from './arguments.ts';

/** What a verdict takes besides what is shown. */
export interface VerdictOptions extends PolicyChoice {
  readonly trust: string;
  readonly root?: string;
  readonly at?: Instant;
  readonly json?: boolean;
}

export const FILES =
  'a QR image (PNG or JPEG), a SYM1: text, an SD-JWT or a JSON-LD credential; several are shown together, with ' +
  `${LIMITS.shownTogether} credentials at most; - reads standard input`;

export function withVerdictOptions(command: Command): Command {
  return command
    .option('--trust <path>', 'a folder made by "trust init", or a bundle file', defaultTrustFolder())
    .option('--root <file>', 'the pinned root (a trust folder has its own)')
    .option('--policy <file>', 'the acceptance policy (JSON); without one, any favourable level is accepted')
    .addOption(
      new Option(
        '--venue <code>',
        'in place of a policy: the code that the venue shows: its QR image, a text file, or the code itself',
      ).conflicts('policy'),
    )
    .option(
      '--region <id>',
      'the region whose recognition counts (the issuer itself if absent); passed over with --policy or --venue',
    )
    .option('--at <instant>', 'verify as of this time (YYYY-MM-DDTHH:MM:SSZ) instead of now', instantOption);
}
