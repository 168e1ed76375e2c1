import { sha256 } from '@symbolon/keys/digest';
import { type Bytes, fromUtf8, toHex, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { NumericDate } from '@symbolon/protocol/schemas/common';
import * as z from 'zod/mini';
import type { RootMetadata } from '../metadata/metadata.ts';
import { type RootTrust, type SnapshotTrust, trustRoot } from '../metadata/trusted-set.ts';

const Sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const Version = z.int().check(z.gte(0));

/**
 * What a client keeps from one update to the next (protocol, section 4, "State"). JSON; it is as trustworthy as the place where it is
 * kept. It moves as a whole, and only when a registry was accepted.
 */
export const ClientState = z.object({
  /** Of the root that the client was given. State of another anchor is refused. */
  pinnedRootSha256: Sha256,
  /** The newest root that was trusted: the text of the file. */
  root: z.string(),
  rootVersion: Version,
  timestampVersion: Version,
  snapshotVersion: Version,
  /** By file name in snapshot: `CN-HA.keys.json`. */
  roleVersions: z.record(z.string(), Version),
  /** The newest `signedAt` seen. A clock earlier than that is wrong. */
  newestSignedAt: NumericDate,
  /** `region/scheme/id@version` -> SHA-256 of the rule. A published rule never changes. */
  ruleHashes: z.record(z.string(), Sha256),
  /** Highest `iat` seen, by status list URI. Kept by the verifier; passed on untouched here. */
  listIssuedAt: z.record(z.string(), NumericDate),
});
export type ClientState = z.output<typeof ClientState>;

/** REQ-REG-001: without an anchor nothing is verified. @throws SymbolonError `no-trust-anchor` */
export function requireAnchor(pinnedRoot: Bytes | undefined): Bytes {
  if (pinnedRoot === undefined || pinnedRoot.length === 0) throw new SymbolonError('no-trust-anchor');
  return pinnedRoot;
}

/**
 * Where an update starts: at the newest root that this client trusted, and else at the pinned one (TUF 1.0, section 5.2).
 *
 * @throws SymbolonError `root-mismatch` when the state is another anchor's, `metadata-...` when a root is damaged
 */
export async function startTrust(pinnedRoot: Bytes, state: ClientState | undefined): Promise<RootTrust> {
  const pinned = await trustRoot(pinnedRoot);
  if (state === undefined) return pinned;
  if (state.pinnedRootSha256 !== toHex(sha256(pinnedRoot))) throw new SymbolonError('root-mismatch');
  const { timestampVersion, snapshotVersion, roleVersions } = state;
  return trustRoot(utf8(state.root), { timestampVersion, snapshotVersion, roleVersions });
}

export function nextState(
  pinnedRoot: Bytes,
  previous: ClientState | undefined,
  trust: SnapshotTrust,
  ruleHashes: Readonly<Record<string, string>>,
): ClientState {
  const { version, signedAt, meta } = trust.timestamp.signed;
  const versions = Object.entries(trust.snapshot.signed.meta).map(([file, each]) => [file, each.version]);
  return {
    pinnedRootSha256: toHex(sha256(pinnedRoot)),
    ...rootState(trust.root),
    timestampVersion: version,
    snapshotVersion: meta['snapshot.json'].version,
    roleVersions: Object.fromEntries(versions),
    // A time that a stolen timestamp key set into the future goes with the key.
    newestSignedAt: trust.rotated ? signedAt : latest(signedAt, previous?.newestSignedAt),
    ruleHashes: { ...previous?.ruleHashes, ...ruleHashes },
    listIssuedAt: previous?.listIssuedAt ?? {},
  };
}

function rootState(root: RootMetadata) {
  return { root: fromUtf8(root.bytes), rootVersion: root.signed.version };
}

function latest(a: Instant, b: Instant | undefined): Instant {
  return b !== undefined && b > a ? b : a;
}
