import type { Bytes } from '@symbolon/protocol/bytes';
import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { mayDelegate, TARGETS, type TrustedRole } from '../metadata/delegations.ts';
import { metadataFile, rootFile, TIMESTAMP_FILE } from '../metadata/file-names.ts';
import type { MetaFile } from '../metadata/schemas.ts';
import { type Authority, authorityOf } from '../metadata/threshold.ts';
import {
  acceptSnapshot,
  acceptTargets,
  acceptTimestamp,
  type Reading,
  type RootTrust,
  type SnapshotTrust,
} from '../metadata/trusted-set.ts';
import { walkRoots as walkRootFiles } from '../metadata/walk-roots.ts';
import { concurrently } from './concurrently.ts';
import type { ReadFile } from './source.ts';

/** Codes of a role whose metadata was not accepted: only what it would have signed is lost. */
type Faults = ReadonlyMap<string, Code>;

export interface RoleTree {
  /** In the order in which they were accepted; targets first. */
  readonly roles: ReadonlyMap<string, TrustedRole>;
  readonly faults: Faults;
  /** Who had to sign each role that was accepted. */
  readonly authorities: ReadonlyMap<string, Authority>;
}

/**
 * Walks to the newest root that a source has (TUF 1.0, sections 5.3.2 to 5.3.9), and takes as many updates as that asks for. Only a threshold of
 * the admins can make the way long.
 */
export async function walkRoots(trust: RootTrust, read: ReadFile): Promise<RootTrust> {
  let from: RootTrust;
  let newest = trust;
  do {
    from = newest;
    newest = await walkRootFiles(from, (version) =>
      read(rootFile(version), { maxBytes: LIMITS.metadataBytes }),
    );
  } while (newest.root.signed.version > from.root.signed.version);
  return newest;
}

/** Timestamp and snapshot (TUF 1.0, sections 5.4 and 5.5). @throws SymbolonError `metadata-...` */
export async function loadSnapshot(
  trust: RootTrust,
  read: ReadFile,
  reading: Reading,
): Promise<SnapshotTrust> {
  const timestampBytes = await read(TIMESTAMP_FILE, { maxBytes: LIMITS.metadataBytes });
  if (timestampBytes === undefined) throw new SymbolonError('metadata-missing', { path: TIMESTAMP_FILE });
  const timestamp = await acceptTimestamp(trust, timestampBytes, reading);
  const described = timestamp.timestamp.signed.meta['snapshot.json'];
  return acceptSnapshot(timestamp, await readMetadata(read, 'snapshot', described), reading);
}

/**
 * The top-level targets and every role that is delegated below it. A delegated role that is missing, damaged or (online) expired is
 * reported in `faults` and takes nothing else down.
 *
 * @throws SymbolonError when targets itself is not accepted; `role-overreach`, `delegation-bounds` for the shape of the tree;
 * whatever `read` throws because it cannot know
 */
export async function loadRoles(trust: SnapshotTrust, read: ReadFile, reading: Reading): Promise<RoleTree> {
  const roles = new Map<string, TrustedRole>();
  const faults = new Map<string, Code>();
  const authorities = new Map<string, Authority>();
  const accept = async (name: string, delegator?: TrustedRole): Promise<TrustedRole> => {
    const described = own(trust.snapshot.signed.meta, `${name}.json`);
    if (described === undefined) throw new SymbolonError('metadata-missing', { path: name });
    const bytes = await readMetadata(read, name, described);
    const authority =
      delegator === undefined
        ? authorityOf(trust.root, trust.root.signed.roles.targets)
        : authorityOf(delegator.metadata, delegationOf(delegator, name));
    const metadata = await acceptTargets(trust, name, authority, bytes, reading);
    authorities.set(name, authority);
    const { expires } = metadata.signed;
    return delegator === undefined
      ? { name, metadata, expires, depth: 0 }
      : {
          name,
          metadata,
          expires: instant(Math.min(expires, delegator.expires)),
          depth: delegator.depth + 1,
        };
  };

  let level = [await accept(TARGETS)];
  const claimed = new Set([TARGETS]);
  while (level.length > 0) {
    for (const role of level) roles.set(role.name, role);
    const next = level.flatMap((delegator) => claimDelegations(delegator, claimed));
    const accepted = await concurrently(next, async ({ name, delegator }) => {
      try {
        return await accept(name, delegator);
      } catch (error) {
        if (!isSymbolonError(error) || error.code === 'metadata-unreachable') throw error;
        faults.set(name, error.code);
        return undefined;
      }
    });
    level = accepted.filter((role) => role !== undefined);
  }
  return { roles, faults, authorities };
}

interface Claim {
  readonly name: string;
  readonly delegator: TrustedRole;
}

/** What a role delegates, once the shape of it is found allowed. */
function claimDelegations(delegator: TrustedRole, claimed: Set<string>): Claim[] {
  const delegations = delegator.metadata.signed.delegations?.roles ?? [];
  // REQ-REG-010
  if (delegations.length > 0 && delegator.depth >= LIMITS.delegationDepth) {
    throw new SymbolonError('delegation-bounds', { bound: LIMITS.delegationDepth });
  }
  return delegations.map(({ name }) => {
    // REQ-REG-012: one delegator each, or two could speak for one region.
    if (!mayDelegate(delegator.name, name) || claimed.has(name)) throw new SymbolonError('role-overreach');
    claimed.add(name);
    if (claimed.size > LIMITS.delegatedRoles) {
      throw new SymbolonError('delegation-bounds', { bound: LIMITS.delegatedRoles });
    }
    return { name, delegator };
  });
}

function delegationOf(delegator: TrustedRole, name: string) {
  const found = delegator.metadata.signed.delegations?.roles.find((each) => each.name === name);
  if (found === undefined) throw new SymbolonError('metadata-missing', { path: name });
  return found;
}

async function readMetadata(read: ReadFile, role: string, described: MetaFile): Promise<Bytes> {
  const path = metadataFile(role, described.version);
  const bytes = await read(path, {
    maxBytes: Math.min(described.length ?? LIMITS.metadataBytes, LIMITS.metadataBytes),
    sha256: described.hashes?.sha256,
  });
  if (bytes === undefined) throw new SymbolonError('metadata-missing', { path });
  return bytes;
}
