import type { Signer } from '@symbolon/keys/signer';
import type { Bytes } from '@symbolon/protocol/bytes';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import { parseRoot, type RootMetadata } from '../metadata/metadata.ts';
import { authorityOf } from '../metadata/threshold.ts';
import { advanceRoot, trustRoot } from '../metadata/trusted-set.ts';
import { keysObjectOf, type NewAuthority, roleKeysOf, sameAuthority } from './authority.ts';
import { expiryOf } from './lifetimes.ts';
import { cosign, SPEC_VERSION, unsigned } from './sign.ts';

export const TOP_ROLES = ['root', 'targets', 'snapshot', 'timestamp'] as const;
export type TopRole = (typeof TOP_ROLES)[number];
export type RootRoles = Readonly<Record<TopRole, NewAuthority>>;

export interface CreateRoot {
  readonly roles: RootRoles;
  /** Enough holders of root keys. */
  readonly signers: readonly Signer[];
  readonly now: Instant;
  /** A year from `now`, when left out. */
  readonly expires?: Instant;
}

/**
 * The first root of a federation: what clients pin.
 *
 * @returns the file `metadata/1.root.json`
 * @throws SymbolonError `key-duplicate`, `threshold-unreachable`, `metadata-signatures` when too few have signed, `metadata-expired`
 */
export async function createRoot({ roles, signers, now, expires }: CreateRoot): Promise<Bytes> {
  const root = prepareRoot({ current: undefined, roles, now, ...(expires !== undefined && { expires }) });
  const signed = await cosign(root.bytes, signers, authorityOf(root, root.signed.roles.root));
  await trustRoot(signed);
  return signed;
}

export interface PrepareRoot {
  /** The newest root; nothing for the first one. */
  readonly current: RootMetadata | undefined;
  readonly roles: RootRoles;
  readonly now: Instant;
  readonly expires?: Instant;
}

/**
 * The next version of root, unsigned. Fields that this version does not know are kept.
 *
 * @throws SymbolonError `key-duplicate`, `threshold-unreachable`, `metadata-expired`
 */
export function prepareRoot({ current, roles, now, expires }: PrepareRoot): RootMetadata {
  const version = (current?.signed.version ?? 0) + 1;
  return parseRoot(unsigned(rootSigned(current?.raw ?? {}, version, roles, expiryOf('root', now, expires))));
}

export interface RotateRoot {
  /** The newest root file. */
  readonly current: Bytes;
  /** Roles that change hands. The others stay as they are. */
  readonly roles: Partial<RootRoles>;
  /** Enough holders of the old root keys and of the new ones. */
  readonly signers: readonly Signer[];
  readonly now: Instant;
  readonly expires?: Instant;
}

/**
 * The next root: signed by the threshold of the current one and by its own (TUF 1.0, section 6.1). With no role changed it renews the
 * expiry. Where targets, snapshot or timestamp change hands, their metadata must be signed anew in the same publication.
 *
 * @throws SymbolonError `key-duplicate`, `threshold-unreachable`, `metadata-signatures`, `metadata-expired`
 */
export async function rotateRoot({ current, roles, signers, ...rest }: RotateRoot): Promise<Bytes> {
  const trust = await trustRoot(current);
  const before = trust.root;
  const next = prepareRoot({ ...rest, current: before, roles: { ...rootRolesOf(before), ...roles } });
  const byNew = await cosign(next.bytes, signers, authorityOf(next, next.signed.roles.root));
  const signed = await cosign(byNew, signers, authorityOf(before, before.signed.roles.root));
  await advanceRoot(trust, signed);
  return signed;
}

function rootSigned(before: JsonObject, version: number, roles: RootRoles, expires: Instant): JsonObject {
  return {
    ...before,
    _type: 'root',
    spec_version: SPEC_VERSION,
    version,
    expires: formatInstant(expires),
    consistent_snapshot: true,
    keys: keysObjectOf(Object.values(roles)),
    roles: Object.fromEntries(TOP_ROLES.map((role) => [role, roleKeysOf(roles[role])])),
  };
}

/** Who holds the top roles. */
export function rootRolesOf(root: RootMetadata): RootRoles {
  const held = (role: TopRole) => sameAuthority(authorityOf(root, root.signed.roles[role]));
  return {
    root: held('root'),
    targets: held('targets'),
    snapshot: held('snapshot'),
    timestamp: held('timestamp'),
  };
}
