import type { MintRecord } from '@symbolon/issuer/mint-record';
import type { MintStore } from '@symbolon/issuer/ports';
import { FORMATS } from '@symbolon/issuer/validity';
import { StatusEntry } from '@symbolon/protocol/schemas/credential';
import * as z from 'zod/mini';
import { given, type Item, J, json, N, number, oneOf, optional, S, text, time } from './attributes.ts';
import type { Items } from './items.ts';
import { subjectKey } from './keys.ts';

const PREFIX = 'MINT#';
const prefixOf = (scheme: string) => `${PREFIX}${scheme}#`;

export function mintStore(items: Items): MintStore {
  return {
    record: async (id, mint) => {
      const key = { pk: subjectKey(mint.subject), sk: `${prefixOf(mint.scheme)}${id}` };
      await items.insert(key, { id: S(id), ...itemOf(mint) });
    },
    living: async (subject, scheme, now) => {
      const prefix = scheme === undefined ? PREFIX : prefixOf(scheme);
      const found = await items.query(subjectKey(subject), { prefix });
      return found
        .map((item) => ({ ...mintOf(item), id: text(item, 'id') }))
        .filter((mint) => mint.expiresAt > now);
    },
  };
}

const entries = json(z.array(StatusEntry));
const format = oneOf(FORMATS);

function itemOf(mint: MintRecord): Item {
  return {
    subject: S(mint.subject),
    scheme: S(mint.scheme),
    decision: N(mint.decision),
    level: S(mint.level),
    rule: S(mint.rule),
    authority: S(mint.authority),
    format: S(mint.format),
    ...given('sampledAt', N, mint.sampledAt),
    issuedAt: N(mint.issuedAt),
    expiresAt: N(mint.expiresAt),
    credentials: N(mint.credentials),
    entries: J(mint.entries),
  };
}

function mintOf(item: Item): MintRecord {
  return {
    subject: text(item, 'subject'),
    scheme: text(item, 'scheme'),
    decision: number(item, 'decision'),
    level: text(item, 'level'),
    rule: text(item, 'rule'),
    authority: text(item, 'authority'),
    format: format(item, 'format'),
    ...optional(item, 'sampledAt', time),
    issuedAt: time(item, 'issuedAt'),
    expiresAt: time(item, 'expiresAt'),
    credentials: number(item, 'credentials'),
    entries: entries(item, 'entries'),
  };
}
