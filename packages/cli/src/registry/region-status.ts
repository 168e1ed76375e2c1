import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import type { RegistryView } from '@symbolon/registry/registry-view';

/** The regions of a registry, as `registry status` tells them. */
export function regionStatus(registry: RegistryView, now: Instant) {
  return Object.values(registry.regions).map(({ region, keys, ruleSets, expires }) => ({
    region: region.region,
    name: region.names.en,
    issuer: region.issuer,
    schemes: Object.keys(ruleSets),
    expires: formatInstant(expires),
    keys: keys.map((key) => ({
      kid: key.kid,
      use: key.use,
      alg: key.alg,
      notBefore: formatInstant(key.notBefore),
      notAfter: formatInstant(key.notAfter),
      state: stateOf(key, now),
    })),
  }));
}

function stateOf({ revoked, notBefore, notAfter }: RegionKey, now: Instant): string {
  if (revoked !== undefined) return 'revoked';
  if (now < notBefore) return 'next';
  return now < notAfter ? 'current' : 'ended';
}
