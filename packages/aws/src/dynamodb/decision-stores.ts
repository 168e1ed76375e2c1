import type { Decision } from '@symbolon/issuer/decision';
import type { DecisionStore, FactStore, MintStore } from '@symbolon/issuer/ports';
import { check } from '@symbolon/protocol/schemas/common';
import { StatusEntry } from '@symbolon/protocol/schemas/credential';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { N, number, S, text, time } from './attributes.ts';
import type { Item, Items } from './items.ts';

const subjectKey = (subject: string) => `SUBJECT#${subject}`;

export function factStore(items: Items): FactStore {
  return {
    add: (subject, fact) =>
      items.insert(
        { pk: subjectKey(subject), sk: `FACT#${fact.scheme}#${fact.id}` },
        { id: S(fact.id), scheme: S(fact.scheme), sealed: S(fact.sealed), expiresAt: N(fact.expiresAt) },
      ),
    list: async (subject, scheme, now) => {
      const found = await items.query(subjectKey(subject), `FACT#${scheme}#`);
      return found
        .map((item) => ({
          id: text(item, 'id'),
          scheme: text(item, 'scheme'),
          sealed: text(item, 'sealed'),
          expiresAt: time(item, 'expiresAt'),
        }))
        .filter((fact) => fact.expiresAt > now);
    },
  };
}

/** Ten digits: DynamoDB orders sort keys as text. */
const sequenceKey = (scheme: string, sequence: number) =>
  `DECISION#${scheme}#${String(sequence).padStart(10, '0')}`;

export function decisionStore(items: Items): DecisionStore {
  return {
    append: ({ subject, scheme, sequence, level, rule, authority, evidence, mode, decidedAt, sampledAt }) =>
      items.insert(
        { pk: subjectKey(subject), sk: sequenceKey(scheme, sequence) },
        {
          subject: S(subject),
          scheme: S(scheme),
          sequence: N(sequence),
          level: S(level),
          rule: S(rule),
          authority: S(authority),
          evidence: S(evidence),
          mode: S(mode),
          decidedAt: N(decidedAt),
          ...(sampledAt === undefined ? {} : { sampledAt: N(sampledAt) }),
        },
      ),
    newest: async (subject, scheme) => {
      const [item] = await items.query(subjectKey(subject), `DECISION#${scheme}#`, { limit: 1 });
      return item === undefined ? undefined : decisionOf(item);
    },
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
    mode: 'automatic',
    decidedAt: time(item, 'decidedAt'),
    ...(item['sampledAt'] === undefined ? {} : { sampledAt: time(item, 'sampledAt') }),
  };
}

const Entries = z.array(StatusEntry);

export function mintStore(items: Items): MintStore {
  return {
    record: async (id, mint) => {
      await items.insert(
        { pk: subjectKey(mint.subject), sk: `MINT#${mint.scheme}#${id}` },
        {
          subject: S(mint.subject),
          scheme: S(mint.scheme),
          decision: N(mint.decision),
          level: S(mint.level),
          expiresAt: N(mint.expiresAt),
          credentials: N(mint.credentials),
          entries: S(JSON.stringify(mint.entries)),
        },
      );
    },
    living: async (subject, scheme, now) => {
      const found = await items.query(
        subjectKey(subject),
        scheme === undefined ? 'MINT#' : `MINT#${scheme}#`,
      );
      return found
        .map((item) => ({
          subject: text(item, 'subject'),
          scheme: text(item, 'scheme'),
          decision: number(item, 'decision'),
          level: text(item, 'level'),
          expiresAt: time(item, 'expiresAt'),
          credentials: number(item, 'credentials'),
          entries: check(Entries, parseStrictJson(text(item, 'entries')), 'storage-failed'),
        }))
        .filter((mint) => mint.expiresAt > now);
    },
  };
}
