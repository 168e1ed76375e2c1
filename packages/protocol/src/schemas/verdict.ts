import * as z from 'zod/mini';
import { CODES } from '../codes.ts';
import { InstantText, Name, RegionId, RuleRefText } from './common.ts';

/** The steps of a verification, in their order (protocol, section 8). */
export const STEPS = [
  'decode',
  'key',
  'signature',
  'time',
  'binding',
  'status',
  'rule',
  'recognition',
  'acceptance',
] as const;
export const Step = z.enum(STEPS);
export type Step = z.output<typeof Step>;

/** `info`: passed, told for the record. `warn`: accepted, but tell someone. The others decide the outcome. */
export const Severity = z.enum(['info', 'warn', 'referred', 'not-accepted', 'not-authentic']);
export type Severity = z.output<typeof Severity>;

export const Finding = z.object({
  step: Step,
  code: z.enum(CODES),
  requirement: z.string(),
  severity: Severity,
  /** Which of the credentials, in the order shown, from 0: where several were shown, and one of them is meant. */
  credential: z.optional(z.int().check(z.gte(0))),
});
export type Finding = z.output<typeof Finding>;

/** A status that was shown and found authentic. It holds nothing that names a person. */
export const ShownStatus = z.object({
  region: RegionId,
  scheme: Name,
  /** As the issuer decided it. */
  level: Name,
  /** As the verifier's region counts it, once recognised. */
  countsAs: z.optional(Name),
  rule: RuleRefText,
  authority: Name,
  assurance: Name,
  issuedAt: InstantText,
  expiresAt: InstantText,
  sampledAt: z.optional(InstantText),
  contested: z.boolean(),
  bearer: z.boolean(),
  /** The region whose status was exchanged for this one. */
  via: z.optional(RegionId),
  /** SHA-256 of what makes this showing unique, base64url: what a scanner remembers against replay. Credentials of one JSON-LD presentation share it. */
  presentationId: z.string(),
  /** What the holder chose to disclose of `details`. */
  details: z.record(z.string(), z.string()),
});
export type ShownStatus = z.output<typeof ShownStatus>;

/** What the verdict rests on: which registry, and as of when. */
export const Basis = z.object({
  registryVersion: z.int(),
  signedAt: InstantText,
  ageSeconds: z.int(),
  statusListAt: z.optional(InstantText),
});
export type Basis = z.output<typeof Basis>;

const authentic = {
  at: InstantText,
  basis: Basis,
  findings: z.array(Finding),
  statuses: z.array(ShownStatus),
};

export const Accepted = z.object({ outcome: z.literal('accepted'), ...authentic });
export type Accepted = z.output<typeof Accepted>;

/** Authentic, but a person must decide. */
export const Referred = z.object({ outcome: z.literal('referred'), ...authentic });
export type Referred = z.output<typeof Referred>;

/** Authentic, but the policy does not accept it. */
export const NotAccepted = z.object({
  outcome: z.literal('refused'),
  reason: z.literal('not-accepted'),
  ...authentic,
});
export type NotAccepted = z.output<typeof NotAccepted>;

/** Nothing from the credential is handed on. */
export const NotAuthentic = z.object({
  outcome: z.literal('refused'),
  reason: z.literal('not-authentic'),
  at: InstantText,
  basis: Basis,
  findings: z.array(Finding),
});
export type NotAuthentic = z.output<typeof NotAuthentic>;

export const Verdict = z.union([Accepted, Referred, NotAccepted, NotAuthentic]);
export type Verdict = z.output<typeof Verdict>;
