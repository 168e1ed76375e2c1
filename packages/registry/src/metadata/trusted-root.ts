import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { identityOf } from './keys.ts';
import { type Delegating, readRoot } from './metadata.ts';
import type { Form, Profile, TufKey } from './profile.ts';
import { SYMBOLON, type SymbolonForm } from './symbolon-profile.ts';
import { authorityOf, checkThreshold } from './threshold.ts';

/** The first stage of trusted-set.ts: from the anchor to the newest root (TUF 1.0, sections 5.1 to 5.3). */

/**
 * `online`: an expired file is refused, as TUF has it. `offline`: it is let through, and whoever reads the result grades its age
 * (protocol, section 4; a deliberate deviation from TUF 1.0, sections 5.3.10, 5.4.4, 5.5.6 and 5.6.5).
 */
export type Expiry = 'online' | 'offline';

export interface Reading {
  /** The fixed update start time (TUF 1.0, section 5.1). */
  readonly now: Instant;
  readonly expiry: Expiry;
}

/** Versions that were trusted before and must not fall. Zero and empty at first. */
export interface Seen {
  readonly timestampVersion: number;
  readonly snapshotVersion: number;
  /** By file name in snapshot: `CN-HA.keys.json`. */
  readonly roleVersions: Readonly<Record<string, number>>;
}

const NOTHING_SEEN: Seen = { timestampVersion: 0, snapshotVersion: 0, roleVersions: {} };

export interface RootTrust<F extends Form = SymbolonForm> {
  /** How every file below this root is read. */
  readonly profile: Profile<F>;
  readonly root: Delegating<F['root'], F['key']>;
  readonly seen: Seen;
  /** Whether timestamp or snapshot keys were rotated on the way here, so that `seen` was dropped. */
  readonly rotated: boolean;
}

/**
 * Trusts a root that came from outside: pinned, or from the client's own state (TUF 1.0, section 5.2). It must at least be signed as
 * it says itself. Its expiry does not matter yet.
 *
 * @throws SymbolonError `metadata-malformed`, `metadata-too-large`, `metadata-signatures`
 */
export function trustRoot(bytes: Bytes, seen: Seen = NOTHING_SEEN): Promise<RootTrust> {
  return trustRootAs(SYMBOLON, bytes, seen);
}

/** `trustRoot` for a repository of another profile. */
export async function trustRootAs<F extends Form>(
  profile: Profile<F>,
  bytes: Bytes,
  seen: Seen = NOTHING_SEEN,
): Promise<RootTrust<F>> {
  const root = readRoot(profile, bytes);
  await checkThreshold(root, authorityOf(root, root.signed.roles.root));
  return { profile, root, seen, rotated: false };
}

/**
 * The next root (TUF 1.0, section 5.3): signed by the threshold of the trusted one *and* by its own.
 *
 * @throws SymbolonError `metadata-malformed`, `metadata-too-large`, `metadata-signatures`, `metadata-rollback`, `metadata-mismatch`
 */
export async function advanceRoot<F extends Form>(trust: RootTrust<F>, bytes: Bytes): Promise<RootTrust<F>> {
  const root = readRoot(trust.profile, bytes);
  await checkThreshold(root, authorityOf(trust.root, trust.root.signed.roles.root));
  await checkThreshold(root, authorityOf(root, root.signed.roles.root));
  const expected = trust.root.signed.version + 1;
  if (root.signed.version < expected) throw new SymbolonError('metadata-rollback');
  if (root.signed.version > expected) throw new SymbolonError('metadata-mismatch');
  // Section 5.3.11: after a fast-forward attack, versions count afresh once the keys that made them are gone.
  const rotated = lostKeys(trust.root, root, 'timestamp') || lostKeys(trust.root, root, 'snapshot');
  return { ...trust, root, seen: rotated ? NOTHING_SEEN : trust.seen, rotated: trust.rotated || rotated };
}

/** The newest root has been reached (TUF 1.0, section 5.3.10). @throws SymbolonError `metadata-expired` */
export function checkRootExpiry<F extends Form>({ root }: RootTrust<F>, reading: Reading): void {
  checkExpiry(root.signed.expires, reading);
}

/** REQ-REG-006: online, an expired file is refused: whoever holds back newer ones (a freeze attack) is noticed. */
export function checkExpiry(expires: Instant, { now, expiry }: Reading): void {
  if (expiry === 'online' && now >= expires) throw new SymbolonError('metadata-expired');
}

type AnyRoot = Delegating<Form['root'], TufKey>;

/** Whether a key of the old root no longer counts for the role in the new one, or more keys must sign. */
function lostKeys(before: AnyRoot, after: AnyRoot, role: 'timestamp' | 'snapshot'): boolean {
  const kept = new Set(keysOf(after, role));
  return (
    keysOf(before, role).some((key) => !kept.has(key)) ||
    after.signed.roles[role].threshold > before.signed.roles[role].threshold
  );
}

function keysOf({ keys, signed }: AnyRoot, role: 'timestamp' | 'snapshot'): string[] {
  return signed.roles[role].keyids.flatMap((id) => {
    const key = keys.get(id);
    return key === undefined ? [] : [identityOf(key)];
  });
}
