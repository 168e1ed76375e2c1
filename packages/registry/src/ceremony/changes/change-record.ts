import { isRegionId } from '@symbolon/protocol/ids';
import { LIMITS } from '@symbolon/protocol/limits';
import { InstantText, Kid, Name, RegionId } from '@symbolon/protocol/schemas/common';
import { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import * as z from 'zod/mini';
import { regionOfRole, TARGETS } from '../../metadata/delegations.ts';
import { isTargetPath } from '../../metadata/paths.ts';

/** What a ceremony can change, as `event.json` lists it: a record names its files by their hashes, and the contents lie in the event. */

const Files = z.record(z.string().check(z.refine(isTargetPath)), z.string().check(z.regex(/^[0-9a-f]{64}$/)));

/** Whom a role is given to: these keys, so many of which must sign. */
const Authority = z.strictObject({
  keys: z.readonly(z.array(PublicJwk).check(z.minLength(1), z.maxLength(LIMITS.metadataSignatures))),
  threshold: z.int().check(z.gte(1), z.lte(LIMITS.metadataSignatures)),
});

const Threshold = z.int().check(z.gte(1), z.lte(LIMITS.metadataSignatures));
const hours = (most: number) => z.int().check(z.gte(1), z.lte(most));
const TargetsRole = z.string().check(z.refine((role) => role === TARGETS || isRegionId(regionOfRole(role))));

/** The first publication: the keys of the four top roles, and the files that targets signs. */
const Create = z.strictObject({
  change: z.literal('create'),
  root: Authority,
  targets: Authority,
  snapshot: Authority,
  timestamp: Authority,
  files: Files,
});

/** A new region, and its first files if it has them. Delegated by the nearest region above it, else by targets, unless `by` names the role. */
const AddRegion = z.strictObject({
  change: z.literal('add-region'),
  region: RegionId,
  /** Sign the region's file, rules and recognition. */
  admins: Authority,
  /** Sign `keys.json`. */
  keys: Authority,
  by: z.optional(TargetsRole),
  files: z.optional(Files),
});

const RemoveRegion = z.strictObject({ change: z.literal('remove-region'), region: RegionId });

/** One more admin: of root and targets, or of a region. */
const AddAdmin = z.strictObject({
  change: z.literal('add-admin'),
  region: z.optional(RegionId),
  jwk: PublicJwk,
  threshold: z.optional(Threshold),
});

const RemoveAdmin = z.strictObject({
  change: z.literal('remove-admin'),
  region: z.optional(RegionId),
  kid: Kid,
  threshold: z.optional(Threshold),
});

/** Root's, or targets', keys are replaced. */
const RotateAdmins = z.strictObject({
  change: z.literal('rotate-admins'),
  role: z.enum(['root', 'targets']),
  to: Authority,
});

const RotateOnline = z.strictObject({
  change: z.literal('rotate-online'),
  snapshot: Authority,
  timestamp: Authority,
});

/** The keys of `<id>`, of `<id>.keys` or of both are replaced. */
const RotateRegion = z.strictObject({
  change: z.literal('rotate-region'),
  region: RegionId,
  admins: z.optional(Authority),
  keys: z.optional(Authority),
});

/** The same content for another life: `root`, `targets`, `<id>` or `<id>.keys`. */
const Renew = z.strictObject({ change: z.literal('renew'), role: TargetsRole });

/**
 * The next issuing, status or venue key of a region: the uses that mean something in `keys.json`. Without a window it gets the one that the plan of epochs gives it, if one is due; the keys
 * whose time is over leave the file.
 */
const AddKey = z.strictObject({
  change: z.literal('add-key'),
  region: RegionId,
  use: z.enum(['credential', 'status', 'venue']),
  jwk: PublicJwk,
  window: z.optional(z.strictObject({ notBefore: InstantText, notAfter: InstantText })),
  /** How long the key signs; 7 days when left out. */
  epochHours: z.optional(hours(10 * 24)),
  /** How long the event may take to be signed and published; an hour when left out. */
  marginHours: z.optional(hours(60 * 24)),
});

const RevokeKey = z.strictObject({
  change: z.literal('revoke-key'),
  region: RegionId,
  kid: Kid,
  since: InstantText,
  reason: Name,
  /** The region stops issuing: this may be its last key. */
  leaveNone: z.optional(z.boolean()),
});

/** Files of one role are put in, replaced or taken out. */
const Put = z.strictObject({
  change: z.literal('put'),
  role: TargetsRole,
  files: Files,
  remove: z.optional(z.readonly(z.array(z.string().check(z.refine(isTargetPath))))),
});

export const ChangeRecord = z.discriminatedUnion('change', [
  Create,
  AddRegion,
  RemoveRegion,
  AddAdmin,
  RemoveAdmin,
  RotateAdmins,
  RotateOnline,
  RotateRegion,
  Renew,
  AddKey,
  RevokeKey,
  Put,
]);
export type ChangeRecord = z.output<typeof ChangeRecord>;
