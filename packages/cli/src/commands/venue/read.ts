import type { Instant } from '@symbolon/protocol/instant';
import { openVenueCode } from '@symbolon/verifier/venue';
import type { Command } from 'commander';
import { systemNow } from '../../clock.ts';
import { note, print, printJson } from '../../output/terminal.ts';
import { defaultTrustFolder } from '../../trust/default-paths.ts';
import { loadTrust } from '../../trust/load-trust.ts';
import { venueInput } from '../../venue/venue-input.ts';
import { venueJson, venueLines } from '../../venue/venue-text.ts';
import { instantOption } from '../arguments.ts';

interface Options {
  readonly trust: string;
  readonly root?: string;
  readonly at?: Instant;
  readonly json?: boolean;
}

/** `symbolon venue read` */
export function venueReadCommand(venue: Command): void {
  venue
    .command('read')
    .argument(
      '<code>',
      'a QR image (PNG or JPEG) or a text file with the code, or the code itself; - reads standard input',
    )
    .summary('check the code of a venue, and say who asks for what')
    .description(
      'Checks the code of a venue against the registry, without any network, and says who asks for which statuses, for what purpose, and until when.',
    )
    .option('--trust <path>', 'a folder made by "trust init", or a bundle file', defaultTrustFolder())
    .option('--root <file>', 'the pinned root (a trust folder has its own)')
    .option('--at <instant>', 'as of this time (YYYY-MM-DDTHH:MM:SSZ) instead of now', instantOption)
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nExit code: 0 the code is genuine and holds now, 65 it does not, or cannot be read.\n\nExample:\n  symbolon venue read poster.png',
    )
    .action(async (given: string, { trust: path, root, at, json }: Options) => {
      const now = at ?? systemNow();
      const trust = await loadTrust({
        trust: path,
        ...(root === undefined ? {} : { root }),
        now,
        warn: note,
      });
      const code = await openVenueCode(await venueInput(given), trust, now);
      if (json) return printJson(venueJson(code));
      for (const line of venueLines(code, trust)) print(line);
    });
}
