import { LIMITS } from '@symbolon/protocol/limits';
import { InstantText } from '@symbolon/protocol/schemas/common';
import * as z from 'zod/mini';
import { isPathPattern, isTargetPath } from './paths.ts';

/**
 * The signed parts of TUF 1.0 metadata (section 4), as this client understands them. Unknown fields are allowed: they are
 * under the signature, which is checked over the JSON as it was read, never over what these schemas return.
 */

const Sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
/** A key id is the SHA-256 of the key's canonical form; keys.ts recomputes it. */
const KeyId = Sha256;
const Version = z.int().check(z.gte(1));
const Length = z.int().check(z.gte(0));
const SpecVersion = z.string().check(z.regex(/^1(?:\.[0-9]{1,4}){1,2}$/));

/** Names that no delegated role may have. */
export const TOP_LEVEL: readonly string[] = ['root', 'targets', 'snapshot', 'timestamp', 'mirrors'];
const ROLE_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,158}[A-Za-z0-9])?$/;

/** Names of delegated roles become file names, so they are plain, and never those of a top-level role. */
const RoleName = z.string().check(z.refine((name) => ROLE_NAME.test(name) && !TOP_LEVEL.includes(name)));

const RoleKeys = z.object({
  keyids: z.array(KeyId).check(
    z.minLength(1),
    z.maxLength(LIMITS.metadataSignatures),
    z.refine((ids) => new Set(ids).size === ids.length),
  ),
  threshold: z.int().check(z.gte(1)),
});

const Hashes = z.object({ sha256: Sha256 });

/** Version of a metadata file, and its length and hash where its parent tells them. */
const MetaFile = z.object({
  version: Version,
  length: z.optional(Length),
  hashes: z.optional(Hashes),
});
export type MetaFile = z.output<typeof MetaFile>;

/** A target must have a hash: only so does its name say what it holds. */
const TargetInfo = z.object({ length: Length, hashes: Hashes });
export type TargetInfo = z.output<typeof TargetInfo>;

const common = { spec_version: SpecVersion, version: Version, expires: InstantText };

export const RootSigned = z.object({
  ...common,
  _type: z.literal('root'),
  consistent_snapshot: z.literal(true),
  keys: z.record(KeyId, z.unknown()),
  roles: z.object({ root: RoleKeys, targets: RoleKeys, snapshot: RoleKeys, timestamp: RoleKeys }),
});
export type RootSigned = z.output<typeof RootSigned>;

/** `signedAt` is Symbolon's own field (protocol, section 4): the time that graded freshness counts from. */
export const TimestampSigned = z
  .object({
    ...common,
    _type: z.literal('timestamp'),
    signedAt: InstantText,
    meta: z.strictObject({ 'snapshot.json': MetaFile }),
  })
  .check(z.refine((signed) => signed.signedAt < signed.expires));
export type TimestampSigned = z.output<typeof TimestampSigned>;

const META_NAME = /^[A-Za-z0-9][A-Za-z0-9.-]{0,159}\.json$/;

export const SnapshotSigned = z.object({
  ...common,
  _type: z.literal('snapshot'),
  meta: z.record(z.string().check(z.regex(META_NAME)), MetaFile),
});
export type SnapshotSigned = z.output<typeof SnapshotSigned>;

const Delegation = z
  .object({
    ...RoleKeys.shape,
    name: RoleName,
    terminating: z.boolean(),
    paths: z.optional(z.array(z.string().check(z.refine(isPathPattern))).check(z.maxLength(64))),
    path_hash_prefixes: z.optional(
      z.array(z.string().check(z.regex(/^[0-9a-f]{1,64}$/))).check(z.maxLength(4096)),
    ),
  })
  .check(z.refine((role) => (role.paths === undefined) !== (role.path_hash_prefixes === undefined)));
export type Delegation = z.output<typeof Delegation>;

export const TargetsSigned = z.object({
  ...common,
  _type: z.literal('targets'),
  targets: z.record(z.string().check(z.refine(isTargetPath)), TargetInfo),
  delegations: z.optional(
    z.object({
      keys: z.record(KeyId, z.unknown()),
      roles: z.array(Delegation).check(
        z.maxLength(LIMITS.delegatedRoles),
        z.refine((roles) => new Set(roles.map(({ name }) => name)).size === roles.length),
      ),
    }),
  ),
});
export type TargetsSigned = z.output<typeof TargetsSigned>;

export const Signatures = z.array(z.object({ keyid: KeyId, sig: z.string().check(z.maxLength(1024)) })).check(
  z.maxLength(LIMITS.metadataSignatures),
  // REQ-REG-002: TUF 1.0, section 4.2.1, one signature a key id.
  z.refine((list) => new Set(list.map(({ keyid }) => keyid)).size === list.length),
);
export type Signature = z.output<typeof Signatures>[number];
