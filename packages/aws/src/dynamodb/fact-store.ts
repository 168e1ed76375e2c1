import type { SealedFact } from '@symbolon/issuer/fact-record';
import type { FactName, FactStore } from '@symbolon/issuer/ports';
import { given, type Item, N, optional, S, text, time } from './attributes.ts';
import type { Items, Key } from './items.ts';
import { subjectKey } from './keys.ts';

const prefixOf = (scheme: string) => `FACT#${scheme}#`;

function factKey(subject: string, { scheme, source, id }: FactName): Key {
  return { pk: subjectKey(subject), sk: `${prefixOf(scheme)}${source}#${id}` };
}

export function factStore(items: Items): FactStore {
  return {
    // REQ-ISS-023: a stored fact is never rewritten.
    add: (subject, fact) => items.insert(factKey(subject, fact), itemOf(fact)),
    retract: async (subject, name, at) => {
      const item = await items.update(factKey(subject, name), { setFirst: { retractedAt: N(at) } }, 'there');
      return item !== undefined;
    },
    list: async (subject, scheme, now) => {
      const found = await items.query(subjectKey(subject), { prefix: prefixOf(scheme) });
      return found.map(factOf).filter((fact) => fact.expiresAt > now);
    },
  };
}

function itemOf({ id, source, scheme, receivedAt, expiresAt, retractedAt, sealed }: SealedFact): Item {
  return {
    id: S(id),
    source: S(source),
    scheme: S(scheme),
    receivedAt: N(receivedAt),
    expiresAt: N(expiresAt),
    ...given('retractedAt', N, retractedAt),
    sealed: S(sealed),
  };
}

function factOf(item: Item): SealedFact {
  return {
    id: text(item, 'id'),
    source: text(item, 'source'),
    scheme: text(item, 'scheme'),
    receivedAt: time(item, 'receivedAt'),
    expiresAt: time(item, 'expiresAt'),
    ...optional(item, 'retractedAt', time),
    sealed: text(item, 'sealed'),
  };
}
