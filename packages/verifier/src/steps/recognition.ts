import type { StatusClaims } from '@symbolon/credential/model';
import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Recognition } from '@symbolon/protocol/schemas/region';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { RegionView } from '@symbolon/registry/registry-view';
import type { Decoded } from '../decoded.ts';
import type { Findings } from '../findings.ts';
import type { Trust } from '../trust/trust.ts';

export type RecognitionEntry = NonNullable<Recognition['schemes'][string]>[number];

/**
 * Step 8: what the status counts as where it is shown. The verifier's region says whose credentials it recognises, which of their
 * levels is which of its own, and on what condition (protocol, section 8). Its own it recognises as they are.
 *
 * @returns the level here, or nothing when it is not recognised
 */
export function recognise(
  decoded: Decoded,
  issuer: RegionView,
  scheme: Scheme,
  rule: Rule | undefined,
  trust: Trust,
  policy: Policy,
  now: Instant,
  findings: Findings,
): string | undefined {
  const { claims } = decoded;
  if (!hasLevel(scheme, claims.level)) {
    findings.add('recognition', 'level-unknown', 'not-accepted');
    return undefined;
  }
  // REQ-REC-007: whoever recognises a status of its own, or of this region's, by way of another region could mend it on the way.
  if (claims.via === issuer.region.region || claims.via === policy.region) {
    findings.add('recognition', 'recognition-loop', 'not-accepted');
    return undefined;
  }
  if (issuer.region.region === policy.region) return claims.level;

  const home = own(trust.registry.regions, policy.region);
  if (home?.recognition === undefined) {
    findings.addOnce('recognition', 'recognition-missing', 'referred');
    return undefined;
  }
  // REQ-REG-017: whom an expired file recognises may be recognised no longer.
  if (now >= home.expires) findings.addOnce('recognition', 'region-expired', 'referred');
  const entries = entriesFor(home.recognition, claims.scheme, issuer.region.region, trust);
  if (entries.length === 0) {
    findings.add('recognition', 'not-recognised', 'not-accepted');
    return undefined;
  }
  const met = entries.find((entry) => meetsCondition(entry, decoded, scheme, rule, now));
  if (met === undefined) {
    findings.add('recognition', 'recognition-condition', 'not-accepted');
    return undefined;
  }
  const level = own(met.levels, claims.level);
  // REQ-REC-004: a level that the scheme does not have would satisfy every policy that names what it refuses.
  if (level === undefined || !hasLevel(scheme, level)) {
    findings.add('recognition', 'level-not-mapped', 'not-accepted');
    return undefined;
  }
  return level;
}

/** What a region says of an issuer's credentials of a scheme. Of these, the first one whose condition is met decides. */
export function entriesFor(
  { schemes }: Recognition,
  scheme: string,
  issuer: string,
  trust: Trust,
): readonly RecognitionEntry[] {
  return (own(schemes, scheme) ?? []).filter((entry) => covers(entry, issuer, trust));
}

function hasLevel(scheme: Scheme, level: string): boolean {
  return scheme.levels.some(({ id }) => id === level);
}

function covers({ from }: RecognitionEntry, issuer: string, trust: Trust): boolean {
  if ('all' in from) return true;
  if ('region' in from) return from.region === issuer;
  return (own(trust.registry.federation.groups, from.group) ?? []).includes(issuer);
}

/** The condition rests on what is signed and published: the evidence class is the rule's, whatever the holder discloses. */
export function meetsCondition(
  { condition }: RecognitionEntry,
  { claims }: Decoded,
  scheme: Scheme,
  rule: Rule | undefined,
  now: Instant,
): boolean {
  if (condition === undefined) return true;
  const { rules, authorities, evidence, longestAgeHours } = condition;
  const begin = ageBegin(claims, scheme);
  return (
    (rules === undefined || rules.includes(claims.rule)) &&
    (authorities === undefined || authorities.includes(claims.authority)) &&
    (evidence === undefined || (rule !== undefined && evidence.includes(rule.evidence))) &&
    (longestAgeHours === undefined || (begin !== undefined && now - begin <= longestAgeHours * HOUR_SECONDS))
  );
}

/** Where samples have an age, one without a sample time has an unknown one: its time of issue would look fresher than any. */
function ageBegin({ sampledAt, issuedAt }: StatusClaims, { ageFrom }: Scheme): Instant | undefined {
  return sampledAt ?? (ageFrom === undefined ? issuedAt : undefined);
}
