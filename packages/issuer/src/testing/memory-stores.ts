import type { Instant } from '@symbolon/protocol/instant';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import type { Decision } from '../decisions/decision.ts';
import type { SealedFact } from '../facts/fact-record.ts';
import type {
  BlindIndexer,
  DecisionStore,
  EnrolmentStore,
  EntryStatus,
  FactStore,
  ListPublisher,
  ListStore,
  MintRecord,
  MintStore,
  NonceStore,
  Sealer,
  SubjectStore,
} from '../ports.ts';

/** The ports in memory, for tests. They assert their own invariants: nothing that was written is rewritten or lost. */
export interface MemoryStores {
  readonly subjects: SubjectStore;
  readonly enrolments: EnrolmentStore;
  readonly nonces: NonceStore;
  readonly facts: FactStore;
  readonly decisions: DecisionStore & { readonly all: readonly Decision[] };
  readonly mints: MintStore & { readonly all: ReadonlyMap<string, MintRecord> };
  readonly lists: ListStore;
  readonly publisher: ListPublisher & {
    readonly files: ReadonlyMap<string, string>;
    readonly index: () => readonly string[];
  };
  readonly sealer: Sealer;
  readonly blindIndexer: BlindIndexer;
}

const STRICTNESS: readonly EntryStatus[] = [0, 3, 2, 1];

export function memoryStores(): MemoryStores {
  return { ...people(), ...records(), ...lists(), ...secrets() };
}

function people(): Pick<MemoryStores, 'subjects' | 'enrolments' | 'nonces'> {
  const owners = new Map<string, string>();
  const registered = new Set<string>();
  const codes = new Map<string, { subject: string; expiresAt: Instant; generation: number }>();
  const generations = new Map<string, number>();
  const generationOf = (subject: string) => generations.get(subject) ?? 0;
  const nonces = new Map<string, Instant>();
  return {
    subjects: {
      claim: async (index, subject) => {
        const owner = owners.get(index) ?? subject;
        owners.set(index, owner);
        return owner;
      },
      find: async (index) => owners.get(index),
      register: async (subject) => {
        registered.add(subject);
      },
      exists: async (subject) => registered.has(subject),
    },
    enrolments: {
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
    },
    nonces: {
      put: async (nonce, expiresAt) => {
        nonces.set(nonce, expiresAt);
      },
      consume: async (nonce, now) => {
        const expiresAt = nonces.get(nonce);
        return expiresAt !== undefined && expiresAt > now && nonces.delete(nonce);
      },
    },
  };
}

function records(): Pick<MemoryStores, 'facts' | 'decisions' | 'mints'> {
  const facts = new Map<string, SealedFact>();
  const decisions: Decision[] = [];
  const mints = new Map<string, MintRecord>();
  const newest = (subject: string, scheme: string) =>
    decisions.findLast((each) => each.subject === subject && each.scheme === scheme);
  return {
    facts: {
      add: async (subject, fact) => {
        const key = `${subject} ${fact.scheme} ${fact.id}`;
        if (facts.has(key)) return false;
        facts.set(key, fact);
        return true;
      },
      list: async (subject, scheme, now) =>
        [...facts]
          .filter(([key, fact]) => key.startsWith(`${subject} ${scheme} `) && fact.expiresAt > now)
          .map(([, fact]) => fact),
    },
    decisions: {
      all: decisions,
      append: async (decision) => {
        const expected = (newest(decision.subject, decision.scheme)?.sequence ?? 0) + 1;
        if (decision.sequence > expected) throw new Error('a decision number was left out');
        if (decision.sequence < expected) return false;
        decisions.push(decision);
        return true;
      },
      newest: async (subject, scheme) => newest(subject, scheme),
    },
    mints: {
      all: mints,
      record: async (id, mint) => {
        if (mints.has(id)) throw new Error('a mint was rewritten');
        mints.set(id, mint);
      },
      living: async (subject, scheme, now) =>
        [...mints.values()].filter(
          (mint) =>
            mint.subject === subject &&
            (scheme === undefined || mint.scheme === scheme) &&
            mint.expiresAt > now,
        ),
    },
  };
}

function lists(): Pick<MemoryStores, 'lists' | 'publisher'> {
  const entries = new Map<string, { entry: StatusEntry; status: EntryStatus; expiresAt: Instant }>();
  const files = new Map<string, string>();
  let announced: readonly string[] = [];
  const keyOf = ({ uri, idx }: StatusEntry) => `${uri}#${idx}`;
  return {
    lists: {
      take: async (entry, expiresAt) => {
        if (entries.has(keyOf(entry))) return false;
        entries.set(keyOf(entry), { entry, status: 0, expiresAt });
        return true;
      },
      tighten: async (entry, status) => {
        const found = entries.get(keyOf(entry));
        if (found === undefined) throw new Error('an entry was lost');
        if (STRICTNESS.indexOf(status) > STRICTNESS.indexOf(found.status)) found.status = status;
      },
      lists: async (now) => {
        const living = [...entries.values()].filter(({ expiresAt }) => expiresAt > now);
        const byUri = new Map(living.map(({ entry, expiresAt }) => [entry.uri, expiresAt]));
        return [...byUri].map(([uri, expiresAt]) => ({ uri, expiresAt }));
      },
      flagged: async (uri) =>
        [...entries.values()]
          .filter(({ entry, status }) => entry.uri === uri && status !== 0)
          .map(({ entry, status }) => ({ idx: entry.idx, status })),
    },
    publisher: {
      files,
      index: () => announced,
      read: async (id) => files.get(id),
      publish: async (id, token) => {
        files.set(id, token);
      },
      announce: async (ids) => {
        if (!ids.every((id) => files.has(id)))
          throw new Error('a list was announced before it was published');
        announced = ids;
      },
    },
  };
}

/** Reversible on purpose: what a test wants to see is whether the right context comes back. */
function secrets(): Pick<MemoryStores, 'sealer' | 'blindIndexer'> {
  return {
    sealer: {
      seal: async (plain, context) => `${context}|${new TextDecoder().decode(plain)}`,
      open: async (sealed, context) => {
        if (!sealed.startsWith(`${context}|`)) throw new Error('sealed for another context');
        return new TextEncoder().encode(sealed.slice(context.length + 1));
      },
    },
    blindIndexer: { index: async (identifier) => `blind(${identifier})` },
  };
}
