import type { Decision } from '@symbolon/issuer/decision';
import type { DecisionRef, DecisionStore, LeafPlace } from '@symbolon/issuer/ports';

/** Decisions in memory, for a million people: no call takes longer the more there are. */
export function leanDecisions(): DecisionStore {
  const schemes = new Map<string, Map<string, Decision[]>>();
  /** In the order in which they were appended. */
  const queue = new Set<Decision>();
  const unwitnessed = new Set<Decision>();
  const effective = new Set<Decision>();
  const places = new Map<Decision, LeafPlace>();
  const sequenceOf = (subject: string, scheme: string): readonly Decision[] =>
    schemes.get(scheme)?.get(subject) ?? [];
  const find = ({ subject, scheme, sequence }: DecisionRef) => sequenceOf(subject, scheme)[sequence - 1];
  return {
    append: async (decision) => {
      const { subject, scheme, sequence } = decision;
      const there = sequenceOf(subject, scheme);
      if (sequence > there.length + 1) throw new Error('a decision number was left out');
      if (sequence <= there.length) return false;
      const subjects = schemes.get(scheme) ?? new Map<string, Decision[]>();
      schemes.set(scheme, subjects);
      subjects.set(subject, [...there, decision]);
      queue.add(decision);
      return true;
    },
    newest: async (subject, scheme) => sequenceOf(subject, scheme).at(-1),
    all: async (subject, scheme) => [...sequenceOf(subject, scheme)],
    find: async (ref) => {
      const decision = find(ref);
      return decision && { decision, place: places.get(decision), isEffective: effective.has(decision) };
    },
    pending: async (limit) => firstOf(queue, limit),
    markLogged: async (ref, place, awaitsWitnesses) => {
      const decision = find(ref);
      if (decision === undefined) throw new Error('a decision was logged that does not exist');
      if (!queue.delete(decision)) return;
      places.set(decision, place);
      if (awaitsWitnesses) unwitnessed.add(decision);
    },
    unwitnessed: async (limit) => firstOf(unwitnessed, limit),
    markEffective: async (ref) => {
      const decision = find(ref);
      if (decision === undefined || !places.has(decision)) return;
      effective.add(decision);
      unwitnessed.delete(decision);
    },
    queueAgain: async (ref, left) => {
      const decision = find(ref);
      if (decision === undefined || places.get(decision)?.origin !== left) return;
      places.delete(decision);
      unwitnessed.delete(decision);
      queue.add(decision);
    },
  };
}

function firstOf(queue: ReadonlySet<Decision>, limit: number): DecisionRef[] {
  const refs: DecisionRef[] = [];
  for (const { subject, scheme, sequence } of queue) {
    if (refs.length >= limit) break;
    refs.push({ subject, scheme, sequence });
  }
  return refs;
}
