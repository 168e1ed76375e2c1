import * as z from 'zod/mini';
import { isName, isRegionId, isRuleRef } from '../ids.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '../instant.ts';
import { LIMITS } from '../limits.ts';
import { InstantText, Kid, Name, Octets32, RegionId, RuleRefText } from './common.ts';
import { KeyUse } from './region.ts';

/*
 * Leaves of the decision logs and of the registry log (protocol, section 9.6). Every object is closed, so that nothing about a person can ride along. On the wire
 * a leaf is canonical JSON.
 */

const HexDigest = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const Cause = z.string().check(z.refine(isCause));
const V = z.literal(1);
/** Two people, so two keys. */
const TwoKids = z.array(Kid).check(
  z.minLength(2),
  z.maxLength(2),
  z.refine(([a, b]) => a !== b),
);
const Role = z.string().check(z.refine(isRole));

/** How a decision came about, as `Decision.mode` of the issuer. */
export const DecisionMode = z.enum(['automatic', 'manual', 'merged', 'ended']);

/** A decision about one person, who is not in it: the rest is behind a salted commitment. */
export const DecisionLeaf = z
  .strictObject({
    v: V,
    kind: z.literal('decision'),
    region: RegionId,
    scheme: Name,
    level: Name,
    rule: RuleRefText,
    authority: Name,
    mode: DecisionMode,
    /** The hour in which it was decided; where few are decided so, the day (its first second). */
    at: InstantText,
    per: z.enum(['hour', 'day']),
    /** Manual only: key ids of the two operators. */
    approvers: z.optional(TwoKids),
    /** SHA-256, base64url, over a salt and the opening. */
    commitment: Octets32,
  })
  .check(
    z.refine(({ at, per }) => at % (per === 'hour' ? HOUR_SECONDS : DAY_SECONDS) === 0),
    z.refine(({ mode, approvers }) => (mode === 'manual') === (approvers !== undefined)),
  );

/** The burst guard has begun to hold, or what it held was released or has lapsed (section 9.5). */
export const BurstLeaf = z
  .strictObject({
    v: V,
    kind: z.literal('burst'),
    region: RegionId,
    scheme: Name,
    /** `rule:<ref>` or `authority:<id>`. */
    cause: Cause,
    state: z.enum(['held', 'released', 'lapsed']),
    /** When this state began. */
    at: InstantText,
    /** When the burst began: with region, scheme and cause it names the burst. */
    heldAt: InstantText,
    /** Released only: the two overseers, and the rules that they released. */
    by: z.optional(TwoKids),
    rules: z.optional(z.array(RuleRefText).check(z.minLength(1), z.maxLength(LIMITS.rulesPerSet))),
  })
  .check(
    z.refine(({ state, by }) => (state === 'released') === (by !== undefined)),
    z.refine(({ state, rules }) => (state === 'released') === (rules !== undefined)),
  );

/** A key of an epoch, as the region has published it, or its revocation. */
export const KeyLeaf = z.strictObject({
  v: V,
  kind: z.literal('key'),
  region: RegionId,
  kid: Kid,
  use: KeyUse,
  state: z.enum(['published', 'revoked']),
  notBefore: InstantText,
  notAfter: InstantText,
  at: InstantText,
});

/** A rule version, as the region has published it. */
export const RuleLeaf = z.strictObject({
  v: V,
  kind: z.literal('rule'),
  region: RegionId,
  scheme: Name,
  rule: RuleRefText,
  from: InstantText,
  sunset: InstantText,
  /** SHA-256 of the rule in canonical JSON. */
  digest: HexDigest,
  at: InstantText,
});

/** What one publication of the registry brought that was not there before. */
export const PublishedItem = z.union([
  z.strictObject({
    /** Of the top level, or `<region>` or `<region>.keys`. */
    role: Role,
    /** TUF key ids that may sign for the role from this publication on, and could not before. */
    keyids: z.array(HexDigest).check(z.minLength(1), z.maxLength(64)),
    /** Nobody delegated to the role before, and no snapshot listed it: its first keys need no lead (REQ-LOG-018). */
    first: z.optional(z.literal(true)),
  }),
  z.strictObject({
    region: RegionId,
    keys: z.array(z.strictObject({ kid: Kid, use: KeyUse, notBefore: InstantText })).check(z.maxLength(64)),
    revoked: z.array(Kid).check(z.maxLength(64)),
  }),
  z.strictObject({
    region: RegionId,
    scheme: Name,
    rules: z
      .array(z.strictObject({ rule: RuleRefText, digest: HexDigest }))
      .check(z.minLength(1), z.maxLength(LIMITS.rulesPerSet)),
    /** It is the first publication of the region: its rules need no lead (REQ-RUL-010). */
    first: z.optional(z.literal(true)),
  }),
]);
export type PublishedItem = z.output<typeof PublishedItem>;

/** A publication of the registry. One that brings much has several leaves, `part` 1 to `parts`, one after the other. */
export const PublicationLeaf = z
  .strictObject({
    v: V,
    kind: z.literal('publication'),
    /** Of the snapshot, and SHA-256 of its file. */
    version: z.int().check(z.gte(1)),
    sha256: HexDigest,
    /** Version of the root that it is read under. */
    root: z.int().check(z.gte(1)),
    at: InstantText,
    /** Whether the log began with it: what was there before it has no lead to show. */
    first: z.boolean(),
    part: z.int().check(z.gte(1)),
    parts: z.int().check(z.gte(1)),
    items: z.array(PublishedItem).check(z.maxLength(1024)),
  })
  .check(z.refine(({ part, parts }) => part <= parts));

export const Leaf = z.discriminatedUnion('kind', [
  DecisionLeaf,
  BurstLeaf,
  KeyLeaf,
  RuleLeaf,
  PublicationLeaf,
]);
export type Leaf = z.output<typeof Leaf>;
export type DecisionLeaf = z.output<typeof DecisionLeaf>;
export type BurstLeaf = z.output<typeof BurstLeaf>;
export type KeyLeaf = z.output<typeof KeyLeaf>;
export type RuleLeaf = z.output<typeof RuleLeaf>;
export type PublicationLeaf = z.output<typeof PublicationLeaf>;

/** What the commitment of a decision's leaf is over. Only the holder and the region have it. */
export const Opening = z.strictObject({
  /** SHA-256 over the salt and the region's own name for the subject: two receipts of one person do not tell that they are. */
  subject: Octets32,
  evidence: Name,
  /** 1 for the first decision of this scheme about the subject; it supersedes the one before. */
  sequence: z.int().check(z.gte(1)),
  /** To the second. */
  decidedAt: InstantText,
});
export type Opening = z.output<typeof Opening>;

const TOP_ROLES: readonly string[] = ['root', 'targets', 'snapshot', 'timestamp'];

function isRole(text: string): boolean {
  return (
    TOP_ROLES.includes(text) || isRegionId(text.endsWith('.keys') ? text.slice(0, -'.keys'.length) : text)
  );
}

function isCause(text: string): boolean {
  const colon = text.indexOf(':');
  const [what, name] = [text.slice(0, colon), text.slice(colon + 1)];
  return what === 'rule' ? isRuleRef(name) : what === 'authority' && isName(name);
}
