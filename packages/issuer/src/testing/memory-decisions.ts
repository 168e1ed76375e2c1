import type { Instant } from '@symbolon/protocol/instant';
import type { BurstRecord } from '../decisions/burst-record.ts';
import type { Decision } from '../decisions/decision.ts';
import type { ProposalRecord } from '../decisions/proposal-record.ts';
import type { BurstStore, DecisionStore, LeafPlace, ProposalStore } from '../ports.ts';

export interface MemoryDecisions {
  readonly decisions: DecisionStore & {
    /** In the order in which they were appended. */
    readonly all: DecisionStore['all'];
    readonly everything: readonly Decision[];
  };
  readonly proposals: ProposalStore;
  readonly bursts: BurstStore;
}

export function memoryDecisions(): MemoryDecisions {
  return { decisions: decisions(), proposals: proposals(), bursts: bursts() };
}

function decisions(): MemoryDecisions['decisions'] {
  const everything: Decision[] = [];
  const sequences = new Map<string, Decision[]>();
  const places = new Map<string, LeafPlace>();
  const unwitnessed = new Set<string>();
  const effective = new Set<string>();
  const keyOf = ({ subject, scheme }: { subject: string; scheme: string }) => `${subject} ${scheme}`;
  const refOf = (each: { subject: string; scheme: string; sequence: number }) =>
    `${keyOf(each)} ${each.sequence}`;
  const refs = (which: (each: Decision) => boolean, limit: number) =>
    everything
      .filter(which)
      .slice(0, limit)
      .map(({ subject, scheme, sequence }) => ({ subject, scheme, sequence }));
  return {
    everything,
    append: async (decision) => {
      const own = sequences.get(keyOf(decision)) ?? [];
      sequences.set(keyOf(decision), own);
      if (decision.sequence > own.length + 1) throw new Error('a decision number was left out');
      if (decision.sequence <= own.length) return false;
      own.push(decision);
      everything.push(decision);
      return true;
    },
    newest: async (subject, scheme) => sequences.get(keyOf({ subject, scheme }))?.at(-1),
    all: async (subject, scheme) => [...(sequences.get(keyOf({ subject, scheme })) ?? [])],
    find: async (ref) => {
      const decision = sequences.get(keyOf(ref))?.[ref.sequence - 1];
      return decision && { decision, place: places.get(refOf(ref)), isEffective: effective.has(refOf(ref)) };
    },
    pending: async (limit) => refs((each) => !places.has(refOf(each)), limit),
    markLogged: async (ref, place, awaitsWitnesses) => {
      if (sequences.get(keyOf(ref))?.[ref.sequence - 1] === undefined)
        throw new Error('a decision was logged that does not exist');
      if (places.has(refOf(ref))) return;
      places.set(refOf(ref), place);
      if (awaitsWitnesses) unwitnessed.add(refOf(ref));
    },
    unwitnessed: async (limit) => refs((each) => unwitnessed.has(refOf(each)), limit),
    markEffective: async (ref) => {
      if (!places.has(refOf(ref))) return;
      effective.add(refOf(ref));
      unwitnessed.delete(refOf(ref));
    },
    queueAgain: async (decision, left) => {
      if (places.get(refOf(decision))?.origin !== left) return;
      places.delete(refOf(decision));
      unwitnessed.delete(refOf(decision));
    },
  };
}

function proposals(): ProposalStore {
  const stored = new Map<string, ProposalRecord>();
  return {
    add: async (proposal) => {
      if (stored.has(proposal.id)) return false;
      stored.set(proposal.id, proposal);
      return true;
    },
    find: async (id) => stored.get(id),
    move: async (proposal, from) => {
      if (stored.get(proposal.id)?.state !== from) return false;
      stored.set(proposal.id, proposal);
      return true;
    },
    open: async () =>
      [...stored.values()]
        .filter(({ state }) => state === 'open')
        .toSorted((a, b) => a.proposedAt - b.proposedAt),
    passed: async (limit) =>
      [...stored.values()]
        .filter(({ state, passedAt }) => state === 'approved' && passedAt !== undefined)
        .toSorted((a, b) => (a.passedAt ?? 0) - (b.passedAt ?? 0))
        .slice(0, limit),
  };
}

function bursts(): BurstStore {
  const stored = new Map<string, BurstRecord>();
  const held = new Map<string, Map<string, Map<string, Instant>>>();
  const released = new Set<string>();
  const logged = new Map<string, BurstRecord['state']>();
  const byTime = (a: BurstRecord, b: BurstRecord) => a.heldAt - b.heldAt;
  return {
    begin: async (burst) => {
      const there = stored.get(burst.id);
      if (there === undefined) stored.set(burst.id, burst);
      return there ?? burst;
    },
    find: async (id) => stored.get(id),
    move: async (burst, from) => {
      if (stored.get(burst.id)?.state !== from) return false;
      stored.set(burst.id, burst);
      return true;
    },
    open: async () => [...stored.values()].filter(({ state }) => state === 'held').toSorted(byTime),
    unlogged: async (limit) =>
      [...stored.values()]
        .filter(({ id, state }) => logged.get(id) !== state)
        .toSorted(byTime)
        .slice(0, limit),
    markLogged: async (burst, state) => {
      const there = stored.get(burst)?.state;
      if (there === undefined || (state !== 'held' && there !== state))
        throw new Error('a state was logged that a burst is not in');
      if (state !== 'held' || !logged.has(burst)) logged.set(burst, state);
    },
    loggedState: async (burst) => logged.get(burst),
    newest: async (scheme, cause) =>
      [...stored.values()]
        .filter((each) => each.scheme === scheme && each.cause === cause)
        .toSorted(byTime)
        .at(-1),
    hold: async (burst, subject, rule, at) => {
      const subjects = held.get(burst) ?? new Map<string, Map<string, Instant>>();
      held.set(burst, subjects);
      const rules = subjects.get(subject) ?? new Map<string, Instant>();
      subjects.set(subject, rules);
      if (!rules.has(rule)) rules.set(rule, at);
    },
    heldSince: async (burst, subject, rule) => held.get(burst)?.get(subject)?.get(rule),
    subjects: async (burst, after, limit) => {
      const all = [...(held.get(burst)?.keys() ?? [])].toSorted();
      const from = after === undefined ? 0 : all.findIndex((each) => each > after);
      const subjects = from < 0 ? [] : all.slice(from, from + limit);
      const last = subjects.at(-1);
      return { subjects, next: last === undefined || last === all.at(-1) ? undefined : last };
    },
    releaseRule: async (scheme, rule) => {
      released.add(`${scheme} ${rule}`);
    },
    isReleased: async (scheme, rule) => released.has(`${scheme} ${rule}`),
  };
}
