import type { Instant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import type { RegionView } from '@symbolon/registry/registry-view';
import type { Decoded } from '../decoded.ts';
import type { Findings } from '../findings.ts';
import { isBeforeLead, keyOfRegion, regionOfIssuer, type Trust } from '../trust/trust.ts';
import { gradeAge } from './freshness.ts';
import { gradeRegistryLog } from './registry-log.ts';

/**
 * Step 2: the key, from the registry alone. It is published by the region for credentials, valid when the credential was signed, and
 * not revoked.
 */
export function findKey(
  decoded: Decoded,
  trust: Trust,
  now: Instant,
  findings: Findings,
): { view: RegionView; key: RegionKey } | undefined {
  const view = regionOfIssuer(trust, decoded.issuer);
  if (view === undefined) {
    findings.add('key', 'issuer-unknown', 'not-authentic');
    return undefined;
  }
  if (now >= view.expires) findings.add('key', 'region-expired', 'referred');
  const key = keyOfRegion(view, decoded.kid);
  const fault = faultOf(key, view, decoded);
  if (key === undefined || fault !== undefined) {
    findings.add('key', fault ?? 'key-unknown', 'not-authentic');
    return undefined;
  }
  return { view, key };
}

function faultOf(key: RegionKey | undefined, view: RegionView, { alg, claims }: Decoded) {
  if (key === undefined) return 'key-unknown';
  if (key.use !== 'credential') return 'key-use';
  // REQ-KEY-008: the algorithm is the registered key's; what the message says must only agree.
  if (key.alg !== alg) return 'algorithm-mismatch';
  if (claims.issuedAt < key.notBefore || claims.issuedAt >= key.notAfter) return 'key-not-valid-then';
  if (isBeforeLead(view, key, claims.issuedAt)) return 'key-without-lead';
  // REQ-KEY-005: whatever `since` says, as a thief can date a credential back.
  if (key.revoked !== undefined) return 'key-revoked';
  return undefined;
}

/** The same step, once for all that is shown: the registry that says so is fresh enough. */
export function gradeRegistry({ registry, registryLog }: Trust, now: Instant, findings: Findings): void {
  gradeAge('key', registry.signedAt, registry.federation.freshness, now, findings);
  if (now >= registry.rootExpires || now >= registry.targetsExpires)
    findings.add('key', 'registry-expired', 'referred');
  gradeRegistryLog(registry, registryLog, now, findings);
}
