import type { BurstRecord } from '@symbolon/issuer/burst-record';
import type { BurstStore } from '@symbolon/issuer/ports';
import { SymbolonError } from '@symbolon/protocol/errors';
import { given, type Item, L, N, oneOf, optional, S, text, texts, time } from './attributes.ts';
import type { Items, Key } from './items.ts';
import { inQueue, OUT_OF_QUEUE, QUEUES, waiting } from './queues.ts';
import { pageOfShards, shardOf } from './shards.ts';

/**
 * An id is `<scheme>/<cause>/<hour>`. Bursts of one cause lie together, so that the newest is found consistently. The hour has no zero before it: a burst has
 * one name only.
 */
const ID = /^(.+)\/(0|[1-9]\d{0,9})$/;
const partitionOf = (causeOfScheme: string) => `BURST#${causeOfScheme}`;

/** Nothing for what is no id of a burst. */
function burstKey(id: string): Key | undefined {
  const [, causeOfScheme, hour] = ID.exec(id) ?? [];
  if (causeOfScheme === undefined || hour === undefined) return undefined;
  return { pk: partitionOf(causeOfScheme), sk: hour.padStart(10, '0') };
}

function keyOf({ id, scheme, cause }: BurstRecord): Key {
  const key = burstKey(id);
  if (key?.pk !== partitionOf(`${scheme}/${cause}`))
    throw new SymbolonError('storage-failed', { path: 'id' });
  return key;
}

/** A region that is held at once is many subjects at once. */
const HELD_SHARDS = 16;
const heldPrefix = (burst: string) => `HELD#${burst}#`;
const heldKey = (burst: string, subject: string) => ({
  pk: `${heldPrefix(burst)}${shardOf(subject, HELD_SHARDS)}`,
  sk: subject,
});
/** The item of a held subject has an attribute for each rule: since when. */
const sinceOf = (rule: string) => `rule:${rule}`;

/** The newest state that has a leaf. */
const LOGGED = 'logged';
/** What a burst may have beside what every one has. */
const OPTIONAL = ['settledAt', 'releasedBy', 'releasedRules', 'before'];

const releasedKey = (scheme: string, rule: string) => ({ pk: `RELEASED#${scheme}`, sk: rule });

export function burstStore(items: Items): BurstStore {
  const find = async (id: string) => {
    const key = burstKey(id);
    const item = key && (await items.get(key));
    return item && burstOf(item);
  };
  return {
    find,
    begin: async (burst) => {
      if (await items.insert(keyOf(burst), itemOf(burst))) return burst;
      const there = await find(burst.id);
      if (there === undefined) throw new SymbolonError('storage-failed');
      return there;
    },
    // Only what the record says: which states are in the log stays as it is.
    move: async (burst, from) => {
      const item = itemOf(burst);
      const remove = [...OPTIONAL, ...OUT_OF_QUEUE].filter((name) => item[name] === undefined);
      const only = { is: ['state', S(from)] } as const;
      return (await items.update(keyOf(burst), { set: item, remove }, only)) !== undefined;
    },
    open: async () => (await waiting(items, [QUEUES.bursts])).map(burstOf),
    unlogged: async (limit) =>
      (await waiting(items, [QUEUES.bursts, QUEUES.settledBursts]))
        .filter((item) => item[LOGGED]?.S !== text(item, 'state'))
        .map(burstOf)
        .slice(0, limit),
    markLogged: async (burst, logged) => {
      const key = burstKey(burst);
      // One that is held goes on waiting for overseers, and one that is settled for the leaf of that.
      const marked =
        key &&
        (logged === 'held'
          ? await items.update(key, { setFirst: { [LOGGED]: S(logged) } }, 'there')
          : await items.update(
              key,
              { set: { [LOGGED]: S(logged) }, remove: OUT_OF_QUEUE },
              { is: ['state', S(logged)] },
            ));
      if (marked === undefined) throw new SymbolonError('storage-failed');
    },
    loggedState: async (burst) => {
      const key = burstKey(burst);
      const item = key && (await items.get(key));
      return item?.[LOGGED] === undefined ? undefined : state(item, LOGGED);
    },
    newest: async (scheme, cause) => {
      const [item] = await items.query(partitionOf(`${scheme}/${cause}`), { newestFirst: true, limit: 1 });
      return item && burstOf(item);
    },
    hold: async (burst, subject, rule, at) => {
      await items.update(heldKey(burst, subject), { setFirst: { [sinceOf(rule)]: N(at) } });
    },
    heldSince: async (burst, subject, rule) => {
      const item = await items.get(heldKey(burst, subject));
      return item?.[sinceOf(rule)] === undefined ? undefined : time(item, sinceOf(rule));
    },
    subjects: async (burst, after, limit) => {
      const { sortKeys, next } = await pageOfShards(items, heldPrefix(burst), HELD_SHARDS, after, limit);
      return { subjects: sortKeys, next };
    },
    releaseRule: async (scheme, rule) => {
      await items.insert(releasedKey(scheme, rule), {});
    },
    isReleased: async (scheme, rule) => (await items.get(releasedKey(scheme, rule))) !== undefined,
  };
}

const state = oneOf<BurstRecord['state']>(['held', 'released', 'lapsed']);

function itemOf(burst: BurstRecord): Item {
  return {
    id: S(burst.id),
    scheme: S(burst.scheme),
    cause: S(burst.cause),
    heldAt: N(burst.heldAt),
    lapsesAt: N(burst.lapsesAt),
    state: S(burst.state),
    ...given('settledAt', N, burst.settledAt),
    ...given('releasedBy', L, burst.releasedBy),
    ...given('releasedRules', L, burst.releasedRules),
    ...given('before', S, burst.before),
    // In one queue at a time: overseers and its lapse first, then the leaf that says how it ended.
    ...inQueue(burst.state === 'held' ? QUEUES.bursts : QUEUES.settledBursts, burst.heldAt),
  };
}

function burstOf(item: Item): BurstRecord {
  return {
    id: text(item, 'id'),
    scheme: text(item, 'scheme'),
    cause: text(item, 'cause'),
    heldAt: time(item, 'heldAt'),
    lapsesAt: time(item, 'lapsesAt'),
    state: state(item, 'state'),
    ...optional(item, 'settledAt', time),
    ...optional(item, 'releasedBy', texts),
    ...optional(item, 'releasedRules', texts),
    ...optional(item, 'before', text),
  };
}
