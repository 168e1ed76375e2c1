import type { SealedFact } from '@symbolon/issuer/fact-record';
import type { JournalEntry } from '@symbolon/issuer/journal-entry';
import type { FactName, FactStore, JournalStore, SubjectStore } from '@symbolon/issuer/ports';
import type { SubjectProfile } from '@symbolon/issuer/profile';

/** All that is kept of one person, in one place: an array of a few facts takes less than a map, and no longer to look through. */
interface Person {
  profile: SubjectProfile | undefined;
  readonly journal: JournalEntry[];
  readonly facts: SealedFact[];
}

export interface LeanPeople {
  readonly subjects: SubjectStore;
  readonly journal: JournalStore;
  readonly facts: FactStore;
}

/** People, their journals and their facts in memory, for a million of them: no call takes longer the more there are. */
export function leanPeople(): LeanPeople {
  const owners = new Map<string, string>();
  const people = new Map<string, Person>();
  /** In the order in which their profiles came. */
  const listed: string[] = [];
  const of = (subject: string): Person => {
    const known = people.get(subject);
    if (known !== undefined) return known;
    const person: Person = { profile: undefined, journal: [], facts: [] };
    people.set(subject, person);
    return person;
  };
  return {
    subjects: {
      claim: async (index, subject) => {
        const owner = owners.get(index);
        if (owner !== undefined) return owner;
        owners.set(index, subject);
        return subject;
      },
      find: async (index) => owners.get(index),
      profile: async (subject) => people.get(subject)?.profile,
      putProfile: async (profile) => {
        const before = people.get(profile.subject)?.profile;
        if ((before?.version ?? 0) !== profile.version - 1) return false;
        of(profile.subject).profile = profile;
        if (before === undefined) listed.push(profile.subject);
        return true;
      },
      page: async (after, limit) => {
        const from = after === undefined ? 0 : Number(after);
        const next = from + limit;
        return {
          subjects: listed.slice(from, next),
          next: next < listed.length ? String(next) : undefined,
        };
      },
    },
    journal: {
      append: async (subject, entry) => {
        const { journal } = of(subject);
        if (!journal.some(({ id }) => id === entry.id)) journal.push(entry);
      },
      list: async (subject) => (people.get(subject)?.journal ?? []).toSorted((a, b) => a.at - b.at),
    },
    facts: {
      add: async (subject, fact) => {
        const { facts } = of(subject);
        if (facts.some(isNamed(fact))) return false;
        facts.push(fact);
        return true;
      },
      retract: async (subject, name, at) => {
        const facts = people.get(subject)?.facts ?? [];
        const place = facts.findIndex(isNamed(name));
        const fact = facts[place];
        if (fact === undefined) return false;
        if (fact.retractedAt === undefined) facts[place] = { ...fact, retractedAt: at };
        return true;
      },
      list: async (subject, scheme, now) =>
        (people.get(subject)?.facts ?? []).filter((fact) => fact.scheme === scheme && fact.expiresAt > now),
    },
  };
}

function isNamed({ scheme, source, id }: FactName): (fact: SealedFact) => boolean {
  return (fact) => fact.id === id && fact.source === source && fact.scheme === scheme;
}
