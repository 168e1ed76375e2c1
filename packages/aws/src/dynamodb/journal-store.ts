import { JOURNAL_KINDS, type JournalEntry } from '@symbolon/issuer/journal-entry';
import type { JournalStore } from '@symbolon/issuer/ports';
import { given, type Item, N, oneOf, optional, S, text, time } from './attributes.ts';
import type { Items } from './items.ts';
import { subjectKey } from './keys.ts';
import { asOperator, operator } from './operator.ts';

const PREFIX = 'JOURNAL#';

export function journalStore(items: Items): JournalStore {
  return {
    append: async (subject, entry) => {
      // The id alone makes the key: a second run that tells of the same has another time.
      await items.insert({ pk: subjectKey(subject), sk: `${PREFIX}${entry.id}` }, itemOf(entry));
    },
    list: async (subject) => {
      const found = await items.query(subjectKey(subject), { prefix: PREFIX });
      return found.map(entryOf).toSorted((a, b) => a.at - b.at);
    },
  };
}

const kind = oneOf(JOURNAL_KINDS);

function itemOf({ id, at, kind, by, approvedBy, reason, about }: JournalEntry): Item {
  return {
    id: S(id),
    at: N(at),
    kind: S(kind),
    ...given('by', asOperator, by),
    ...given('approvedBy', S, approvedBy),
    ...given('reason', S, reason),
    ...given('about', S, about),
  };
}

function entryOf(item: Item): JournalEntry {
  return {
    id: text(item, 'id'),
    at: time(item, 'at'),
    kind: kind(item, 'kind'),
    ...optional(item, 'by', operator),
    ...optional(item, 'approvedBy', text),
    ...optional(item, 'reason', text),
    ...optional(item, 'about', text),
  };
}
