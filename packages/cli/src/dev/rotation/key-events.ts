import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { KeyUse, RegionKey } from '@symbolon/protocol/schemas/region';
import { signingOrder } from '@symbolon/registry/epochs';

export const WATCHED_USES = ['credential', 'status'] as const satisfies readonly KeyUse[];

export interface KeyEvent {
  readonly at: Instant;
  readonly region: string;
  readonly use: KeyUse;
  readonly kid: string;
  readonly what: 'published' | 'in reserve' | 'signs' | 'retired';
}

export interface Moment {
  readonly view: { readonly regions: Readonly<Record<string, { readonly keys: readonly RegionKey[] }>> };
  readonly at: Instant;
}

/** What became of the keys between two looks at the registry. */
export function keyEvents(before: Moment | undefined, after: Moment): readonly KeyEvent[] {
  return Object.keys(after.view.regions).flatMap((region) =>
    WATCHED_USES.flatMap((use) => {
      const [old, fresh] = [stateOf(before, region, use), stateOf(after, region, use)];
      const event = (kid: string, what: KeyEvent['what']) => ({ at: after.at, region, use, kid, what });
      return [
        ...fresh.known.filter((kid) => !old.known.includes(kid)).map((kid) => event(kid, 'published')),
        ...(fresh.reserve !== old.reserve && fresh.reserve !== undefined
          ? [event(fresh.reserve, 'in reserve')]
          : []),
        ...(fresh.signs !== old.signs && fresh.signs !== undefined ? [event(fresh.signs, 'signs')] : []),
        ...old.known.filter((kid) => !fresh.known.includes(kid)).map((kid) => event(kid, 'retired')),
      ];
    }),
  );
}

function stateOf(moment: Moment | undefined, region: string, use: KeyUse) {
  const keys = moment && own(moment.view.regions, region)?.keys;
  if (moment === undefined || keys === undefined) return { known: [], signs: undefined, reserve: undefined };
  const order = signingOrder(keys, use, moment.at);
  return {
    known: keys.filter((key) => key.use === use).map(({ kid }) => kid),
    signs: order[0]?.kid,
    reserve: order.length > 1 ? order.at(-1)?.kid : undefined,
  };
}
