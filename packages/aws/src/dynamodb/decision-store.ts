import { DECISION_MODES, type Decision } from '@symbolon/issuer/decision';
import type { DecisionRef, DecisionStore, LeafPlace } from '@symbolon/issuer/ports';
import { SymbolonError } from '@symbolon/protocol/errors';
import { flag, given, type Item, L, N, number, oneOf, optional, S, text, texts, time } from './attributes.ts';
import type { Items, Key } from './items.ts';
import { digits, subjectKey } from './keys.ts';
import {
  inQueue,
  LOG_QUEUES,
  logQueueOf,
  OUT_OF_QUEUE,
  toWitnesses,
  WITNESS_QUEUES,
  waiting,
} from './queues.ts';

const LEAF_ORIGIN = 'leafOrigin';
const LEAF_INDEX = 'leafIndex';
const LEAF_SALT = 'leafSalt';
const EFFECTIVE = 'effective';

const prefixOf = (scheme: string) => `DECISION#${scheme}#`;

function decisionKey({ subject, scheme, sequence }: DecisionRef): Key {
  return { pk: subjectKey(subject), sk: `${prefixOf(scheme)}${digits(sequence, 10)}` };
}

export function decisionStore(items: Items): DecisionStore {
  return {
    // REQ-ISS-014: of two at the same place one is stored, and by the same write it waits for the log.
    append: (decision) =>
      items.insert(decisionKey(decision), {
        ...itemOf(decision),
        ...inQueue(logQueueOf(decision.subject), decision.decidedAt),
      }),
    newest: async (subject, scheme) => {
      const [item] = await items.query(subjectKey(subject), {
        prefix: prefixOf(scheme),
        newestFirst: true,
        limit: 1,
      });
      return item === undefined ? undefined : decisionOf(item);
    },
    all: async (subject, scheme) =>
      (await items.query(subjectKey(subject), { prefix: prefixOf(scheme) })).map(decisionOf),
    find: async (ref) => {
      const item = await items.get(decisionKey(ref));
      return item && { decision: decisionOf(item), place: placeOf(item), isEffective: flag(item, EFFECTIVE) };
    },
    pending: async (limit) => (await waiting(items, LOG_QUEUES, limit)).map(refOf),
    markLogged: async (ref, { origin, index, salt }, awaitsWitnesses) => {
      const key = decisionKey(ref);
      const place = { [LEAF_ORIGIN]: S(origin), [LEAF_INDEX]: N(index), [LEAF_SALT]: S(salt) };
      const change = awaitsWitnesses
        ? { set: { ...place, ...toWitnesses(ref.subject) } }
        : { set: place, remove: OUT_OF_QUEUE };
      if ((await items.update(key, change, { without: LEAF_INDEX })) !== undefined) return;
      // The first place stands. A mark without a decision would be one that nobody made.
      if ((await items.get(key)) === undefined) throw new SymbolonError('storage-failed');
    },
    unwitnessed: async (limit) => (await waiting(items, WITNESS_QUEUES, limit)).map(refOf),
    markEffective: async (ref) => {
      const change = { set: { [EFFECTIVE]: { BOOL: true } }, remove: OUT_OF_QUEUE };
      await items.update(decisionKey(ref), change, { with: LEAF_INDEX });
    },
    queueAgain: async (decision, left) => {
      const set = inQueue(logQueueOf(decision.subject), decision.decidedAt);
      const change = { set, remove: [LEAF_ORIGIN, LEAF_INDEX, LEAF_SALT] };
      await items.update(decisionKey(decision), change, { is: [LEAF_ORIGIN, S(left)] });
    },
  };
}

function refOf(item: Item): DecisionRef {
  return { subject: text(item, 'subject'), scheme: text(item, 'scheme'), sequence: number(item, 'sequence') };
}

function placeOf(item: Item): LeafPlace | undefined {
  if (item[LEAF_INDEX] === undefined) return undefined;
  return { origin: text(item, LEAF_ORIGIN), index: number(item, LEAF_INDEX), salt: text(item, LEAF_SALT) };
}

const mode = oneOf(DECISION_MODES);

function itemOf(decision: Decision): Item {
  return {
    subject: S(decision.subject),
    scheme: S(decision.scheme),
    sequence: N(decision.sequence),
    level: S(decision.level),
    rule: S(decision.rule),
    authority: S(decision.authority),
    evidence: S(decision.evidence),
    mode: S(decision.mode),
    decidedAt: N(decision.decidedAt),
    ...given('sampledAt', N, decision.sampledAt),
    ...given('approvers', L, decision.approvers),
    ...given('proposal', S, decision.proposal),
    ...given('until', N, decision.until),
    ...given('milderThan', N, decision.milderThan),
    ...given('mergedFrom', S, decision.mergedFrom),
  };
}

function decisionOf(item: Item): Decision {
  return {
    subject: text(item, 'subject'),
    scheme: text(item, 'scheme'),
    sequence: number(item, 'sequence'),
    level: text(item, 'level'),
    rule: text(item, 'rule'),
    authority: text(item, 'authority'),
    evidence: text(item, 'evidence'),
    mode: mode(item, 'mode'),
    decidedAt: time(item, 'decidedAt'),
    ...optional(item, 'sampledAt', time),
    ...optional(item, 'approvers', texts),
    ...optional(item, 'proposal', text),
    ...optional(item, 'until', time),
    ...optional(item, 'milderThan', number),
    ...optional(item, 'mergedFrom', text),
  };
}
