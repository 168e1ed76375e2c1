import { encodeBase64 } from '@symbolon/protocol/base64url';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours } from '@symbolon/protocol/instant';
import type { LogAnchor } from '@symbolon/registry/client-state';
import { type Anchor, CARRIED_HOURS, checkProof, type WitnessedTree } from './anchors.ts';

/**
 * REQ-LOG-007: the log goes on from the tree that this client has seen. Of one seen longer ago than bundles carry nothing can be said.
 *
 * @throws SymbolonError `log-fork` when the log and enough witnesses signed another tree of that size; `log-truncated` when the log is smaller now, and
 *   `inclusion-invalid` when the bundle leaves out what it should carry, or its proof does not hold: such a bundle proves nothing
 */
export async function checkSeenAnchor(
  seen: LogAnchor,
  anchors: readonly Anchor[],
  newest: WitnessedTree,
): Promise<void> {
  const { origin, size, root } = newest.checkpoint;
  // Another log from now on: the federation says so with the admins' signatures.
  if (seen.origin !== origin) return;
  if (seen.size === size && encodeBase64(root) !== seen.root) throw new SymbolonError('log-fork');
  const there = anchors.filter(({ parsed }) => parsed.size === seen.size);
  for (const anchor of there) {
    if (encodeBase64(anchor.parsed.root) === seen.root) continue;
    // Whether another root is a fork or nonsense, its signatures tell.
    await anchor.openSigned();
    throw new SymbolonError('log-fork');
  }
  if (seen.size > size) throw new SymbolonError('log-truncated');
  if (seen.size === size) return;
  const [first] = there;
  if (first === undefined) {
    if (newest.witnessedAt < addHours(seen.witnessedAt, CARRIED_HOURS))
      throw new SymbolonError('inclusion-invalid', { path: 'anchors' });
    return;
  }
  checkProof(first.parsed, newest, first.hashes);
}
