import type { Instant } from '@symbolon/protocol/instant';
import type { BatchRecord } from '../facts/batch-record.ts';
import type { SealedFact } from '../facts/fact-record.ts';
import type {
  BatchStore,
  EnrolmentStore,
  FactStore,
  JournalStore,
  NonceStore,
  SubjectStore,
} from '../ports.ts';
import type { JournalEntry } from '../subjects/journal-entry.ts';
import type { SubjectProfile } from '../subjects/profile.ts';

export interface MemoryPeople {
  readonly subjects: SubjectStore;
  readonly journal: JournalStore;
  readonly enrolments: EnrolmentStore;
  readonly nonces: NonceStore;
  readonly facts: FactStore;
  readonly batches: BatchStore;
}

export function memoryPeople(): MemoryPeople {
  return {
    subjects: subjects(),
    journal: journal(),
    enrolments: enrolments(),
    nonces: nonces(),
    facts: facts(),
    batches: batches(),
  };
}

function subjects(): SubjectStore {
  const owners = new Map<string, string>();
  const profiles = new Map<string, SubjectProfile>();
  return {
    claim: async (index, subject) => {
      const owner = owners.get(index) ?? subject;
      owners.set(index, owner);
      return owner;
    },
    find: async (index) => owners.get(index),
    profile: async (subject) => profiles.get(subject),
    putProfile: async (profile) => {
      const before = profiles.get(profile.subject);
      if ((before?.version ?? 0) !== profile.version - 1) return false;
      if (before?.mergedInto !== undefined && profile.mergedInto !== before.mergedInto)
        throw new Error('a merge was undone');
      profiles.set(profile.subject, profile);
      return true;
    },
    page: async (after, limit) => {
      const all = [...profiles.keys()].toSorted();
      const from = after === undefined ? 0 : all.findIndex((each) => each > after);
      const subjects = from < 0 ? [] : all.slice(from, from + limit);
      const last = subjects.at(-1);
      return { subjects, next: last === undefined || last === all.at(-1) ? undefined : last };
    },
  };
}

function journal(): JournalStore {
  const entries = new Map<string, Map<string, JournalEntry>>();
  return {
    append: async (subject, entry) => {
      const own = entries.get(subject) ?? new Map<string, JournalEntry>();
      entries.set(subject, own);
      if (!own.has(entry.id)) own.set(entry.id, entry);
    },
    list: async (subject) => [...(entries.get(subject)?.values() ?? [])].toSorted((a, b) => a.at - b.at),
  };
}

function enrolments(): EnrolmentStore {
  const codes = new Map<string, { subject: string; expiresAt: Instant; generation: number }>();
  const generations = new Map<string, number>();
  const generationOf = (subject: string) => generations.get(subject) ?? 0;
  return {
    put: async (hash, subject, expiresAt) => {
      codes.set(hash, { subject, expiresAt, generation: generationOf(subject) });
    },
    endAll: async (subject) => {
      generations.set(subject, generationOf(subject) + 1);
    },
    find: async (hash, now) => {
      const found = codes.get(hash);
      if (found === undefined || found.expiresAt <= now) return undefined;
      return found.generation === generationOf(found.subject) ? found.subject : undefined;
    },
  };
}

function nonces(): NonceStore {
  const nonces = new Map<string, Instant>();
  return {
    put: async (nonce, expiresAt) => {
      nonces.set(nonce, expiresAt);
    },
    consume: async (nonce, now) => {
      const expiresAt = nonces.get(nonce);
      return expiresAt !== undefined && expiresAt > now && nonces.delete(nonce);
    },
  };
}

function facts(): FactStore {
  const bySubject = new Map<string, Map<string, SealedFact>>();
  const of = (subject: string) => {
    const own = bySubject.get(subject) ?? new Map<string, SealedFact>();
    bySubject.set(subject, own);
    return own;
  };
  const keyOf = ({ scheme, source, id }: { scheme: string; source: string; id: string }) =>
    `${scheme} ${source} ${id}`;
  return {
    add: async (subject, fact) => {
      const own = of(subject);
      if (own.has(keyOf(fact))) return false;
      own.set(keyOf(fact), fact);
      return true;
    },
    retract: async (subject, name, at) => {
      const fact = of(subject).get(keyOf(name));
      if (fact === undefined) return false;
      if (fact.retractedAt === undefined) of(subject).set(keyOf(name), { ...fact, retractedAt: at });
      return true;
    },
    list: async (subject, scheme, now) =>
      [...of(subject).values()].filter((fact) => fact.scheme === scheme && fact.expiresAt > now),
  };
}

function batches(): BatchStore {
  const stored = new Map<string, BatchRecord>();
  const keyOf = ({ source, id }: { source: string; id: string }) => `${source} ${id}`;
  return {
    begin: async (batch) => {
      const there = stored.get(keyOf(batch));
      if (there === undefined) stored.set(keyOf(batch), batch);
      return there ?? batch;
    },
    find: async (source, id) => stored.get(keyOf({ source, id })),
    move: async (batch, from) => {
      if (stored.get(keyOf(batch))?.state !== from) return false;
      stored.set(keyOf(batch), batch);
      return true;
    },
    held: async () =>
      [...stored.values()]
        .filter(({ state }) => state === 'held')
        .toSorted((a, b) => a.receivedAt - b.receivedAt),
  };
}
