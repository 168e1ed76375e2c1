import type { OwnRecord } from '@symbolon/issuer/own-record';
import { formatInstant } from '@symbolon/protocol/instant';
import type { Json } from '@symbolon/protocol/strict-json';

/** What a subject sees of itself, as JSON. */
export function recordJson({ subject, facts, journal, decisions }: OwnRecord): Json {
  return {
    subject,
    facts: facts.map(factJson),
    entries: journal.map(({ at, kind, by, approvedBy, reason, about }) => ({
      at: formatInstant(at),
      kind,
      by: by === undefined ? null : { ...by },
      approvedBy: approvedBy ?? null,
      reason: reason ?? null,
      about: about ?? null,
    })),
    decisions: decisions.map(
      ({ scheme, sequence, level, rule, authority, evidence, mode, decidedAt, until, approvers }) => ({
        scheme,
        sequence,
        level,
        rule,
        authority,
        evidence,
        mode,
        decidedAt: formatInstant(decidedAt),
        until: until === undefined ? null : formatInstant(until),
        approvers: [...(approvers ?? [])],
      }),
    ),
  };
}

/** One fact, as its subject or an operator who may read it sees it. */
export function factJson(fact: OwnRecord['facts'][number]): Json {
  return {
    scheme: fact.scheme,
    id: fact.id,
    source: fact.source,
    type: fact.type,
    at: formatInstant(fact.at),
    fields: { ...fact.fields },
    receivedAt: formatInstant(fact.receivedAt),
    expiresAt: formatInstant(fact.expiresAt),
    retractedAt: fact.retractedAt === undefined ? null : formatInstant(fact.retractedAt),
  };
}
