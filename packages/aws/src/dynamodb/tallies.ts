import type { HourlyCounts, Tallies } from '@symbolon/issuer/ports';
import { type Item, number } from './attributes.ts';
import type { Items } from './items.ts';
import { alone } from './keys.ts';

/** A week, and a day for clocks that do not agree. */
const KEPT_HOURS = (7 + 1) * 24;
/** An update has at most 300 operators; what is too much for one write goes with the next. */
const REMOVED_AT_ONCE = 100;

const PREFIX = 'h';
const tallyKey = (key: string) => alone(`TALLY#${key}`);

/** An item a key, with an attribute for each hour. */
export function tallies(items: Items): Tallies {
  const read = async (key: string) => countsOf(await items.get(tallyKey(key)));
  return {
    read,
    add: async (key, hour, by) => {
      // Read only to know which hours are old: the addition itself does not rest on it.
      const old = [...(await read(key)).keys()].filter((each) => each <= hour - KEPT_HOURS);
      const item = await items.update(tallyKey(key), {
        add: { [`${PREFIX}${hour}`]: by },
        remove: old.slice(0, REMOVED_AT_ONCE).map((each) => `${PREFIX}${each}`),
      });
      return countsOf(item);
    },
  };
}

function countsOf(item: Item | undefined): HourlyCounts {
  if (item === undefined) return new Map();
  const hours = Object.keys(item).filter((name) => /^h\d+$/.test(name));
  return new Map(hours.map((name) => [Number(name.slice(PREFIX.length)), number(item, name)]));
}
