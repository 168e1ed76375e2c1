import { addHours, hourFloor, type Instant } from '@symbolon/protocol/instant';
import type { KeyUse } from '@symbolon/protocol/schemas/region';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { EPOCHS_OF_A_KEY, isLongLived, type KeyWindow, LONG_KEY_HOURS } from '@symbolon/registry/epochs';
import type { Command } from 'commander';
import { KEY_FORMS } from '../../../ceremony/authority-options.ts';
import { addChangeOptions, type ChangeOptions } from '../../../ceremony/change-options.ts';
import { proposeChange } from '../../../ceremony/propose-change.ts';
import { passphrases } from '../../../custody/passphrase.ts';
import { publicKeyAt } from '../../../custody/public-key-at.ts';
import { UsageError } from '../../../usage-error.ts';
import { count, instantOption } from '../../arguments.ts';
import { regionArgument } from '../../region-argument.ts';

const USE = { issuing: 'credential', status: 'status', venue: 'venue' } as const;

interface Options extends ChangeOptions {
  readonly new: string;
  readonly epochHours: number;
  readonly within?: number;
  readonly notBefore?: Instant;
  readonly notAfter?: Instant;
}

/** `symbolon registry rotate issuing|status|venue` */
export function rotateKeyCommand(parent: Command, name: keyof typeof USE): void {
  addChangeOptions(parent.command(name))
    .argument('<region>', 'whose key it is', regionArgument)
    .summary(`publish the next ${name} key of a region, ahead of its use`)
    .description(
      `Makes the event that publishes the next ${name} key of a region. It begins when every verifier knows it, and no sooner; keys whose time is over ` +
        'leave the file. In the cloud the function key-epoch does this by itself.',
    )
    .requiredOption('--new <key>', `the new key: ${KEY_FORMS}`)
    .option('--epoch-hours <n>', 'how long it signs; it is known for three times that', count(240), 168)
    .option(
      '--within <hours>',
      'by when this event will be published, for its lead (1 when left out)',
      count(2160),
    )
    .option('--not-before <instant>', 'begin then, on the hour, instead of as soon as may be', instantOption)
    .option('--not-after <instant>', 'and end then', instantOption)
    .addHelpText(
      'after',
      `\nExample:\n  symbolon registry rotate ${name} CN-HA --new ${name}-2.pub.json --event ${name}-2`,
    )
    .action(async (region: string, { new: address, ...options }: Options) => {
      const jwk = await publicKeyAt(address, passphrases(undefined));
      const { epochHours, within } = options;
      const given = windowOf(options);
      await proposeChange(options, {
        title: `rotate ${name} ${region}`,
        make: ({ published, former, now }) => {
          const window =
            given ?? (published ? undefined : firstWindow(former, region, USE[name], now, epochHours));
          return [
            {
              change: 'add-key',
              region,
              use: USE[name],
              jwk,
              ...(window !== undefined && { window }),
              epochHours,
              ...(within !== undefined && { marginHours: within }),
            },
          ];
        },
      });
    });
}

/**
 * With the first publication nobody holds an older registry, so the first key of a use needs no lead: it signs from this hour on. The second one is its
 * reserve, as always.
 */
function firstWindow(
  event: SigningEvent | undefined,
  region: string,
  use: KeyUse,
  now: Instant,
  epochHours: number,
): KeyWindow | undefined {
  const isFirst = !event?.changes.some(
    (each) => each.change === 'add-key' && each.region === region && each.use === use,
  );
  const notBefore = hourFloor(now);
  const hours = isLongLived(use) ? LONG_KEY_HOURS : EPOCHS_OF_A_KEY * epochHours;
  return isFirst ? { notBefore, notAfter: addHours(notBefore, hours) } : undefined;
}

function windowOf({ notBefore, notAfter }: Pick<Options, 'notBefore' | 'notAfter'>) {
  if (notBefore === undefined && notAfter === undefined) return undefined;
  if (notBefore === undefined || notAfter === undefined) {
    throw new UsageError('Give both --not-before and --not-after, or neither.');
  }
  return { notBefore, notAfter };
}
