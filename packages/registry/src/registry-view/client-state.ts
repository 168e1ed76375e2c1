import { sha256 } from '@symbolon/keys/digest';
import { type Bytes, equalBytes, fromUtf8, toHex, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { Name, NumericDate } from '@symbolon/protocol/schemas/common';
import { LogName } from '@symbolon/protocol/schemas/log';
import * as z from 'zod/mini';
import { rootFile } from '../metadata/file-names.ts';
import { parseRoot, type RootMetadata } from '../metadata/metadata.ts';
import { advanceRoot, type RootTrust, type SnapshotTrust, trustRoot } from '../metadata/trusted-set.ts';
import type { ReadFile } from './source.ts';

const Sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const Version = z.int().check(z.gte(0));

/** A tree of a log, and when enough witnesses had seen it. */
export const LogAnchor = z.object({
  origin: LogName,
  size: z.int().check(z.gte(0), z.lte(LIMITS.logLeaves)),
  /** Base64. */
  root: z.string().check(z.regex(/^[A-Za-z0-9+/]{43}=$/)),
  witnessedAt: NumericDate,
});
export type LogAnchor = z.output<typeof LogAnchor>;

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
  /** `region/scheme/id@version` -> the time from which a rule counts here that was published without its lead. */
  lateRules: z._default(z.record(z.string(), NumericDate), {}),
  /** The lead of rules that the federation asked for when this client last looked. */
  ruleLeadHours: z.optional(z.int().check(z.gte(0))),
  /** The schemes that the federation had then. */
  ruleSchemes: z.optional(z.array(Name)),
  /** Per region, the newest signed time (no later than this client's clock then) at which it knew all keys of the region. */
  keysSeenAt: z._default(z.record(z.string(), NumericDate), {}),
  /** `region/use/kid` -> the time from which the key counts here, and its `notBefore`. A key that is published without its lead is found out by it. */
  keyLeads: z._default(
    z.record(z.string(), z.object({ countsFrom: NumericDate, notBefore: NumericDate })),
    {},
  ),
  /** Leads that the federation asked for, oldest first, each with the newest time at which it was seen. */
  leads: z._default(z.array(z.object({ hours: z.int().check(z.gte(1)), lastSeen: NumericDate })), []),
  /** `region/kid` -> a revocation that was seen. It is for good. */
  revokedKeys: z._default(
    z.record(z.string(), z.object({ since: NumericDate, reason: Name, until: NumericDate })),
    {},
  ),
  /** Highest `iat` seen, by status list URI. Kept by the verifier; passed on untouched here. */
  listIssuedAt: z.record(z.string(), NumericDate),
  /** The newest tree of the registry's log that this client has seen a daily anchor of. Kept by the verifier, too. */
  logAnchor: z.optional(LogAnchor),
});
export type ClientState = z.output<typeof ClientState>;

/** REQ-LOG-008: of two that were seen of one log, the larger tree; of two logs, that of the newer state. */
export function furtherAnchor(
  { logAnchor: newer }: Pick<ClientState, 'logAnchor'>,
  { logAnchor: other }: Pick<ClientState, 'logAnchor'>,
): Pick<ClientState, 'logAnchor'> {
  const isFurther = newer === undefined || (newer.origin === other?.origin && newer.size < other.size);
  const further = isFurther ? other : newer;
  return further === undefined ? {} : { logAnchor: further };
}

/** REQ-REG-001: without an anchor nothing is verified. @throws SymbolonError `no-trust-anchor` */
export function requireAnchor(pinnedRoot: Bytes | undefined): Bytes {
  if (pinnedRoot === undefined || pinnedRoot.length === 0) throw new SymbolonError('no-trust-anchor');
  return pinnedRoot;
}

/**
 * Where an update starts: at the newest root that this client trusted, and else at the pinned one (TUF 1.0, section 5.2).
 *
 * REQ-REG-013: the state says how far this client had come, and is never an anchor of its own. Its root counts only if the chain from the pinned root
 * leads to it, so whoever can write the state cannot make a client believe another
 * federation. (Who can lower what the state has seen can show an older registry of this one: keep it where only the client writes.)
 *
 * @throws SymbolonError `root-mismatch` when the state is another anchor's, `metadata-rollback` when the chain ends before it, `metadata-...`
 */
export async function startTrust(
  pinnedRoot: Bytes,
  state: ClientState | undefined,
  read: ReadFile,
): Promise<RootTrust> {
  const pinned = await trustRoot(pinnedRoot);
  if (state === undefined) return pinned;
  if (state.pinnedRootSha256 !== toHex(sha256(pinnedRoot))) throw new SymbolonError('root-mismatch');
  let proven = pinned;
  while (proven.root.signed.version < state.rootVersion) {
    const next = await read(rootFile(proven.root.signed.version + 1), { maxBytes: LIMITS.metadataBytes });
    if (next === undefined) throw new SymbolonError('metadata-rollback');
    proven = await advanceRoot(proven, next);
  }
  const kept = parseRoot(utf8(state.root));
  if (!equalBytes(proven.root.signingBytes, kept.signingBytes)) throw new SymbolonError('root-mismatch');
  const { timestampVersion, snapshotVersion, roleVersions } = state;
  return { ...proven, seen: { timestampVersion, snapshotVersion, roleVersions }, rotated: false };
}

export function nextState(
  pinnedRoot: Bytes,
  previous: ClientState | undefined,
  trust: SnapshotTrust,
  ruleHashes: Readonly<Record<string, string>>,
  memory: Pick<
    ClientState,
    'keysSeenAt' | 'keyLeads' | 'leads' | 'revokedKeys' | 'lateRules' | 'ruleLeadHours' | 'ruleSchemes'
  >,
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
    ...memory,
    listIssuedAt: previous?.listIssuedAt ?? {},
    ...(previous?.logAnchor === undefined ? {} : { logAnchor: previous.logAnchor }),
  };
}

function rootState(root: RootMetadata) {
  return { root: fromUtf8(root.bytes), rootVersion: root.signed.version };
}

function latest(a: Instant, b: Instant | undefined): Instant {
  return b !== undefined && b > a ? b : a;
}
