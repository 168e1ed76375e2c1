import { requirementOf } from '@symbolon/protocol/codes';
import { LIMITS } from '@symbolon/protocol/limits';
import {
  Accepted,
  Basis,
  Finding,
  NotAccepted,
  NotAuthentic,
  Referred,
  type Severity,
  ShownStatus,
} from '@symbolon/protocol/schemas/verdict';
import * as z from 'zod/mini';
import type { Outcome } from './outcome.ts';
import { VERDICT_CODES } from './verdict-codes.ts';

/**
 * The form of a verdict as JSON that is published and that a reader insists on (REQ-ACC-005): the types of `Verdict`, closed, with the bounds that `verify`
 * keeps by itself.
 */

export interface Gravity {
  readonly allowed: readonly Severity[];
  readonly needed?: Severity;
}

/** Which findings an outcome can have, and which one it must have. */
export const GRAVITY: Readonly<Record<Outcome, Gravity>> = {
  accepted: { allowed: ['info', 'warn'] },
  referred: { allowed: ['info', 'warn', 'referred'], needed: 'referred' },
  'not-accepted': { allowed: ['info', 'warn', 'referred', 'not-accepted'], needed: 'not-accepted' },
  'not-authentic': { allowed: ['not-authentic'], needed: 'not-authentic' },
};

const count = z.int().check(z.gte(0));

export const FindingForm = z.strictObject({
  ...Finding.shape,
  code: z.enum(VERDICT_CODES),
  requirement: z.enum([...new Set(VERDICT_CODES.map(requirementOf))]),
});

export const ShownStatusForm = z.strictObject({
  ...ShownStatus.shape,
  presentationId: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)),
});

export const BasisForm = z.strictObject({ ...Basis.shape, registryVersion: count, ageSeconds: count });

const basis = BasisForm;
const statuses = z.array(ShownStatusForm).check(z.minLength(1), z.maxLength(LIMITS.shownTogether));

function findingsOf(outcome: Outcome) {
  const { allowed, needed } = GRAVITY[outcome];
  return z.array(FindingForm).check(
    z.refine((all) => all.every(({ severity }) => allowed.includes(severity))),
    z.refine((all) => needed === undefined || all.some(({ severity }) => severity === needed)),
  );
}

export const AcceptedForm = z.strictObject({
  ...Accepted.shape,
  basis,
  findings: findingsOf('accepted'),
  statuses,
});
export const ReferredForm = z.strictObject({
  ...Referred.shape,
  basis,
  findings: findingsOf('referred'),
  statuses,
});
export const NotAcceptedForm = z.strictObject({
  ...NotAccepted.shape,
  basis,
  findings: findingsOf('not-accepted'),
  statuses,
});
export const NotAuthenticForm = z.strictObject({
  ...NotAuthentic.shape,
  basis,
  findings: findingsOf('not-authentic'),
});

export const VerdictForm = z.union([AcceptedForm, ReferredForm, NotAcceptedForm, NotAuthenticForm]);
