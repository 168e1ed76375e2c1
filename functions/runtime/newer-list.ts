import type { Instant } from '@symbolon/protocol/instant';
import type { RegistryView } from '@symbolon/registry/registry-view';
import type { BundledList } from '@symbolon/registry/status-lists';
import { openEveryList } from '@symbolon/verifier/open-every-list';
import { claimsOfList } from './claims-of-list.ts';
import { orNothing } from './or-nothing.ts';

/**
 * REQ-STA-009: which token of a list goes into the bundle. The one that was found, unless it is older than the one that the last bundle carried: a list host
 * that serves an older one would hide what was revoked since.
 *
 * What the last bundle carried stays only if a verifier would read it: nobody shuts a region's lists out by one that they made up.
 */
export async function newerList(
  registry: RegistryView,
  found: BundledList,
  before: BundledList | undefined,
  now: Instant,
): Promise<BundledList> {
  if (before === undefined || before.token === found.token) return found;
  const [then, since] = [await issuedAt(before), await issuedAt(found)];
  if (then === undefined || since === undefined || since >= then) return found;
  const { lists } = await openEveryList(registry, [before], now);
  return [...lists.values()].some(({ expiresAt }) => now < expiresAt) ? before : found;
}

/** As the list says; undefined, when it is none. */
function issuedAt({ id, token }: BundledList): Promise<Instant | undefined> {
  return orNothing(async () => (await claimsOfList(id, token)).issuedAt);
}
