import { sha256 } from '@symbolon/keys/digest';
import type { Signer } from '@symbolon/keys/signer';
import { type Bytes, toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import { isJsonObject, type JsonObject } from '@symbolon/protocol/strict-json';
import { mayDelegate } from '../metadata/delegations.ts';
import { metadataFile, targetFile } from '../metadata/file-names.ts';
import { parseTargets } from '../metadata/metadata.ts';
import { checkThreshold } from '../metadata/threshold.ts';
import { checkContent } from './content-checks.ts';
import { authorityIn, type Draft } from './draft.ts';
import { expiryOf, lifetimeOf } from './lifetimes.ts';
import { delegationsWith, type RegionDelegation } from './region-delegation.ts';
import { cosign, SPEC_VERSION, unsigned } from './sign.ts';
import { freeVersion, publishedVersion } from './versions.ts';

export interface RoleUpdate {
  /** `targets`, `<region>` or `<region>.keys`. */
  readonly role: string;
  /** Targets to add or replace: path -> content. */
  readonly put?: ReadonlyMap<string, Bytes>;
  /** Targets to take out. */
  readonly remove?: readonly string[];
  /** Regions to add, or to give to other keys. */
  readonly delegate?: readonly RegionDelegation[];
  /** Regions to take out. */
  readonly undelegate?: readonly string[];
  /** The role's usual life from `now` on, when left out (protocol, section 3). */
  readonly expires?: Instant;
}

/** The next version of a role's metadata, to be signed by those who hold the role. */
export interface PreparedRole {
  readonly role: string;
  /** The metadata file. `cosign` adds signatures. */
  readonly bytes: Bytes;
  /** Files of the targets that it adds, by path in the repository. */
  readonly targets: ReadonlyMap<string, Bytes>;
}

/**
 * The next version of a role, from its current one: fields that this version does not know are kept. With nothing changed it renews
 * the expiry.
 *
 * @throws SymbolonError `role-overreach`, `metadata-expired`, and what the content checks throw, before anyone signs
 */
export async function prepareRole(draft: Draft, update: RoleUpdate, now: Instant): Promise<PreparedRole> {
  const { role, put = new Map<string, Bytes>(), remove = [], delegate = [], undelegate = [] } = update;
  for (const [path, bytes] of put) checkContent(role, path, bytes, draft.base);
  if (!delegate.every(({ region }) => mayDelegate(role, region))) throw new SymbolonError('role-overreach');

  // What delegates to nobody has no `delegations`: the old ones must not come back with the rest.
  const { replaces: _, delegations: before, ...current }: JsonObject = draft.roles.get(role)?.raw ?? {};
  const known = publishedVersion(draft, role);
  const version = await freeVersion(draft.read, role, known);
  const entries = [...put].map(([path, bytes]) => ({ path, bytes, hash: toHex(sha256(bytes)) }));
  const dropped = new Set(remove);
  const kept = Object.entries(objectIn(current, 'targets')).filter(([path]) => !dropped.has(path));
  const delegations = delegationsWith(isJsonObject(before) ? before : {}, delegate, undelegate);
  const signed: JsonObject = {
    ...current,
    _type: 'targets',
    spec_version: SPEC_VERSION,
    version,
    // Told only where it does not go without saying: what this was made from, so that nothing published in between is lost.
    ...(version !== known + 1 && { replaces: known }),
    expires: formatInstant(expiryOf(lifetimeOf(role), now, update.expires)),
    targets: {
      ...Object.fromEntries(kept),
      ...Object.fromEntries(
        entries.map(({ path, bytes, hash }) => [path, { length: bytes.length, hashes: { sha256: hash } }]),
      ),
    },
    ...(Array.isArray(delegations['roles']) && delegations['roles'].length === 0 ? {} : { delegations }),
  };
  return {
    role,
    bytes: unsigned(signed),
    targets: new Map(entries.map(({ path, bytes, hash }) => [targetFile(path, hash), bytes])),
  };
}

/**
 * Takes a signed role into the draft.
 *
 * @throws SymbolonError `metadata-signatures` when too few have signed, `metadata-missing` when nobody delegates to the role
 */
export async function adoptRole(draft: Draft, { role, bytes, targets }: PreparedRole): Promise<Draft> {
  const metadata = parseTargets(bytes);
  await checkThreshold(metadata, authorityIn(draft, role));
  return {
    ...draft,
    roles: new Map([...draft.roles, [role, metadata]]),
    changed: new Set([...draft.changed, role]),
    files: new Map([...draft.files, ...targets, [metadataFile(role, metadata.signed.version), bytes]]),
  };
}

/** Prepares, signs and takes up a role in one go, where enough of its signers are at hand. Throws what these throw. */
export async function updateRole(
  draft: Draft,
  update: RoleUpdate,
  signers: readonly Signer[],
  now: Instant,
): Promise<Draft> {
  const prepared = await prepareRole(draft, update, now);
  const bytes = await cosign(prepared.bytes, signers, authorityIn(draft, update.role));
  return adoptRole(draft, { ...prepared, bytes });
}

function objectIn(json: JsonObject, name: string): JsonObject {
  const value = json[name];
  return isJsonObject(value) ? value : {};
}
