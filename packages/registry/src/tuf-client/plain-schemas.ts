import { LIMITS } from '@symbolon/protocol/limits';
import { InstantText } from '@symbolon/protocol/schemas/common';
import * as z from 'zod/mini';
import { TOP_LEVEL } from '../metadata/schemas.ts';

/**
 * The signed parts of TUF 1.0 metadata (section 4) as the specification has them, without what a Symbolon registry asks beyond it
 * (metadata/schemas.ts). Key ids, versions, instants and the kinds of hashes are as strict here as there.
 */

const hex = (digits: number) => z.string().check(z.regex(new RegExp(`^[0-9a-f]{${digits}}$`)));

const KeyId = hex(64);
const Version = z.int().check(z.gte(1));
const Length = z.int().check(z.gte(0));
const SpecVersion = z.string().check(z.regex(/^1(?:\.[0-9]{1,4}){1,2}$/));
const RoleName = z.string().check(
  z.minLength(1),
  z.maxLength(LIMITS.registryPathChars),
  z.refine((name) => !TOP_LEVEL.includes(name)),
);

/** A role may be left without keys: then nothing of it is ever accepted, and the rest of the file stands. */
const RoleKeys = z.object({
  keyids: z.array(KeyId).check(
    z.maxLength(LIMITS.metadataSignatures),
    z.refine((ids) => new Set(ids).size === ids.length),
  ),
  threshold: z.int().check(z.gte(1)),
});

/** Hashes of other kinds may stand beside these; plain-integrity.ts asks for at least one of these. */
const Hashes = z.object({ sha256: z.optional(hex(64)), sha512: z.optional(hex(128)) });

const MetaFile = z.object({ version: Version, length: z.optional(Length), hashes: z.optional(Hashes) });

const common = { spec_version: SpecVersion, version: Version, expires: InstantText };

export const PlainRoot = z.object({
  ...common,
  _type: z.literal('root'),
  consistent_snapshot: z.optional(z.boolean()),
  keys: z.record(KeyId, z.unknown()),
  roles: z.object({ root: RoleKeys, targets: RoleKeys, snapshot: RoleKeys, timestamp: RoleKeys }),
});

/** Section 4.6: it describes the snapshot, and nothing else. */
export const PlainTimestamp = z.object({
  ...common,
  _type: z.literal('timestamp'),
  meta: z.strictObject({ 'snapshot.json': MetaFile }),
});

export const PlainSnapshot = z.object({
  ...common,
  _type: z.literal('snapshot'),
  meta: z.record(z.string(), MetaFile),
});

const Delegation = z
  .object({
    ...RoleKeys.shape,
    name: RoleName,
    // The example of section 4.5 leaves it out.
    terminating: z._default(z.boolean(), false),
    paths: z.optional(z.array(z.string().check(z.maxLength(LIMITS.registryPathChars)))),
    path_hash_prefixes: z.optional(z.array(z.string().check(z.regex(/^[0-9a-f]{1,64}$/)))),
  })
  .check(z.refine((role) => role.paths === undefined || role.path_hash_prefixes === undefined));

export const PlainTargets = z.object({
  ...common,
  _type: z.literal('targets'),
  targets: z.record(z.string(), z.object({ length: Length, hashes: Hashes })),
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

/** An RSA signature of 8192 bits has 2048 digits. */
export const PlainSignatures = z
  .array(z.object({ keyid: KeyId, sig: z.string().check(z.maxLength(2048)) }))
  .check(
    z.maxLength(LIMITS.metadataSignatures),
    z.refine((list) => new Set(list.map(({ keyid }) => keyid)).size === list.length),
  );
