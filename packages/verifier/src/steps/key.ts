import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import type { RegionView } from '@symbolon/registry/registry-view';
import type { Decoded } from '../decoded.ts';
import type { Findings } from '../findings.ts';
import { publishedKeyOf } from '../trust/published-key.ts';
import { regionOfIssuer, type Trust } from '../trust/trust.ts';
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
  const { kid, alg, claims } = decoded;
  try {
    const key = publishedKeyOf(view, 'credential', { kid, alg, issuedAt: claims.issuedAt });
    return { view, key };
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    findings.add('key', error.code, 'not-authentic');
    return undefined;
  }
}

/** The same step, once for all that is shown: the registry that says so is fresh enough. */
export function gradeRegistry({ registry, registryLog }: Trust, now: Instant, findings: Findings): void {
  gradeAge('key', registry.signedAt, registry.federation.freshness, now, findings);
  if (now >= registry.rootExpires || now >= registry.targetsExpires)
    findings.add('key', 'registry-expired', 'referred');
  gradeRegistryLog(registry, registryLog, now, findings);
}
