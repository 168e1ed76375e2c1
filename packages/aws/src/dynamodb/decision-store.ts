import { DECISION_MODES, type Decision } from '@symbolon/issuer/decision';
import type { DecisionRef, DecisionStore } from '@symbolon/issuer/ports';
import { SymbolonError } from '@symbolon/protocol/errors';
import { flag, given, type Item, L, N, number, oneOf, optional, S, text, texts, time } from './attributes.ts';
import type { Items, Key } from './items.ts';
import { digits, subjectKey } from './keys.ts';
import { inQueue, LOG_QUEUES, logQueueOf, OUT_OF_QUEUE, waiting } from './queues.ts';

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
    pending: async (limit) =>
      (await waiting(items, LOG_QUEUES, limit)).map((item) => {
        const { subject, scheme, sequence } = decisionOf(item);
        return { subject, scheme, sequence };
      }),
    isLogged: async (ref) => {
      const item = await items.get(decisionKey(ref));
      return item !== undefined && flag(item, 'logged');
    },
    markLogged: async (ref) => {
      const change = { set: { logged: { BOOL: true } }, remove: OUT_OF_QUEUE };
      // A mark without a decision would be one that nobody made.
      if ((await items.update(decisionKey(ref), change, 'there')) === undefined)
        throw new SymbolonError('storage-failed');
    },
  };
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
  };
}
