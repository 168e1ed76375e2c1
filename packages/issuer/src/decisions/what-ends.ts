import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { DecisionStore } from '../ports.ts';
import { mergedAway } from '../subjects/merged-entry.ts';
import { type BeforeMergePorts, decidedBeforeMerge } from './before-merge.ts';
import { type Decision, statusOf } from './decision.ts';
import { type EffectPorts, inEffect } from './milder.ts';
import { isAdverse } from './strictness.ts';

export interface WhatEndsPorts extends BeforeMergePorts, EffectPorts {
  readonly decisions: DecisionStore;
}

/**
 * What ends where nothing gives a level any more: the current status. Also where nothing was ever decided, but a merge has brought credentials along.
 *
 * REQ-ISS-037: an adverse one that waits has had no effect. What ends is then the favourable one beneath it, and that end waits as well: nobody loses what they have by a red that no
 * witness saw, and its end.
 *
 * @returns nothing where there is no status
 * @throws SymbolonError what reading the log throws
 */
export async function whatEnds(
  ports: WhatEndsPorts,
  scheme: Scheme,
  subject: string,
  newest: Decision | undefined,
  now: Instant,
): Promise<Decision | undefined> {
  if (newest === undefined) return decidedBeforeMerge(ports, scheme, subject, now);
  const current = statusOf(newest);
  if (current === undefined || !isAdverse(scheme, current.level)) return current;
  const found = await inEffect(ports, scheme, { subject, sequence: current.sequence + 1 });
  if (found !== 'unknown') return isFavourable(scheme, found) ? found : current;
  return (await favourableOfUnion(ports, scheme, subject, now)) ?? current;
}

/** A favourable decision by whose level there are living credentials, about the subject or one that was merged into it. */
async function favourableOfUnion(
  ports: WhatEndsPorts,
  scheme: Scheme,
  subject: string,
  now: Instant,
): Promise<Decision | undefined> {
  const living = await ports.mints.living(subject, scheme.id, now);
  const levels = new Set(living.map(({ level }) => level));
  for (const each of [subject, ...(await mergedAway(ports, subject))]) {
    const all = await ports.decisions.all(each, scheme.id);
    const found = all.findLast((decision) => isFavourable(scheme, decision) && levels.has(decision.level));
    if (found !== undefined) return { ...found, subject };
  }
  return undefined;
}

/** Whether it gives a favourable status. */
function isFavourable(scheme: Scheme, decision: Decision | undefined): decision is Decision {
  const status = statusOf(decision);
  return status !== undefined && !isAdverse(scheme, status.level);
}
