import { SymbolonError } from '@symbolon/protocol/errors';
import { parentRegion } from '@symbolon/protocol/ids';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { regionOfRole, TARGETS } from '../metadata/delegations.ts';
import { metadataFile } from '../metadata/file-names.ts';
import { checkIntegrity } from '../metadata/integrity.ts';
import { parseTargets, type RootMetadata, type TargetsMetadata } from '../metadata/metadata.ts';
import type { SnapshotSigned } from '../metadata/schemas.ts';
import { type Authority, authorityOf } from '../metadata/threshold.ts';
import type { ReadFile } from '../registry-view/source.ts';

/** The registry as one publication left it. */
export interface Then {
  readonly root: RootMetadata;
  readonly meta: SnapshotSigned['meta'];
}

/** The role's metadata as a publication lists it. @throws SymbolonError `metadata-missing`, `metadata-mismatch`, `metadata-malformed` */
export async function roleThen(
  read: ReadFile,
  { meta }: Pick<Then, 'meta'>,
  role: string,
): Promise<TargetsMetadata | undefined> {
  const described = own(meta, `${role}.json`);
  if (described === undefined) return undefined;
  const file = metadataFile(role, described.version);
  const bytes = await read(file, { maxBytes: LIMITS.metadataBytes, sha256: described.hashes?.sha256 });
  if (bytes === undefined) throw new SymbolonError('metadata-missing', { path: file });
  // REQ-REG-007
  checkIntegrity(bytes, described);
  const metadata = parseTargets(bytes);
  if (metadata.signed.version !== described.version)
    throw new SymbolonError('metadata-mismatch', { path: file });
  return metadata;
}

/** Who could sign a role then: as targets, or a region above it that was delegated itself, said. Nothing when nobody delegated to it. */
export async function authorityThen(
  read: ReadFile,
  then: Then,
  role: string,
): Promise<Authority | undefined> {
  if (role === TARGETS) return authorityOf(then.root, then.root.signed.roles.targets);
  const delegators = [await roleThen(read, then, TARGETS)];
  for (const name of [...regionsAbove(regionOfRole(role)), role]) {
    const found = delegators.flatMap((delegator) => {
      const delegation = delegator?.signed.delegations?.roles.find((each) => each.name === name);
      return delegator && delegation ? [authorityOf(delegator, delegation)] : [];
    });
    if (name === role) return found[0];
    if (found.length > 0) delegators.push(await roleThen(read, then, name));
  }
  return undefined;
}

/** The highest one first. */
function regionsAbove(region: string): string[] {
  const above = parentRegion(region);
  return above === undefined ? [] : [...regionsAbove(above), above];
}
