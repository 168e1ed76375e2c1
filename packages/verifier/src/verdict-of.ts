import { sha256Base64url } from '@symbolon/keys/digest';
import type { Instant } from '@symbolon/protocol/instant';
import type { Basis, ShownStatus, Verdict } from '@symbolon/protocol/schemas/verdict';
import type { Decoded } from './decoded.ts';
import type { Findings } from './findings.ts';
import type { Trust } from './trust/trust.ts';

/** The gravest finding decides: what is not accepted is refused, whatever a person would have to look at besides. */
export function authenticVerdict(
  statuses: ShownStatus[],
  trust: Trust,
  statusListAt: Instant | undefined,
  at: Instant,
  findings: Findings,
): Verdict {
  const verdict = { at, basis: basisOf(trust, at, statusListAt), findings: findings.all(), statuses };
  if (findings.has('not-accepted')) return { outcome: 'refused', reason: 'not-accepted', ...verdict };
  return { outcome: findings.has('referred') ? 'referred' : 'accepted', ...verdict };
}

/** Hands nothing of the credentials on: neither what they say, nor what else was found of them. */
export function notAuthentic(trust: Trust, at: Instant, findings: Findings): Verdict {
  return {
    outcome: 'refused',
    reason: 'not-authentic',
    at,
    basis: basisOf(trust, at, undefined),
    findings: findings.all().filter(({ severity }) => severity === 'not-authentic'),
  };
}

function basisOf({ registry }: Trust, now: Instant, statusListAt: Instant | undefined): Basis {
  return {
    registryVersion: registry.version,
    signedAt: registry.signedAt,
    ageSeconds: Math.max(0, now - registry.signedAt),
    ...(statusListAt === undefined ? {} : { statusListAt }),
  };
}

export function shownStatus(
  { claims, details, identity }: Decoded,
  region: string,
  countsAs: string | undefined,
  contested: boolean,
): ShownStatus {
  const { sampledAt, via } = claims;
  return {
    region,
    scheme: claims.scheme,
    level: claims.level,
    ...(countsAs === undefined ? {} : { countsAs }),
    rule: claims.rule,
    authority: claims.authority,
    assurance: claims.assurance,
    issuedAt: claims.issuedAt,
    expiresAt: claims.expiresAt,
    ...(sampledAt === undefined ? {} : { sampledAt }),
    contested,
    bearer: claims.bearer,
    ...(via === undefined ? {} : { via }),
    presentationId: sha256Base64url(identity),
    details: { ...details },
  };
}
