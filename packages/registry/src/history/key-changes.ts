import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { keysRoleOf, regionOfRole, TARGETS } from '../metadata/delegations.ts';
import type { TargetsMetadata } from '../metadata/metadata.ts';
import type { ReadFile } from '../registry-view/source.ts';
import { keysThen } from './listed-then.ts';

/** What a publication did to the keys of a region, by kid. */
export interface KeyChanges {
  readonly added: readonly string[];
  readonly revoked: readonly string[];
  /** Left `keys.json`, as their time was over. */
  readonly ended: readonly string[];
}

/**
 * @returns nothing when the role is no keys role
 * @throws SymbolonError `metadata-missing`, `metadata-mismatch`; `region-malformed`, `json-...` when the file never was one
 */
export async function keyChanges(
  read: ReadFile,
  role: string,
  before: TargetsMetadata | undefined,
  after: TargetsMetadata,
): Promise<KeyChanges | undefined> {
  const region = regionOfRole(role);
  if (role === TARGETS || role !== keysRoleOf(region)) return undefined;
  const [old, fresh] = [await keysThen(read, region, before), await keysThen(read, region, after)];
  const kids = (keys: readonly RegionKey[]) => keys.map(({ kid }) => kid);
  const revoked = (keys: readonly RegionKey[]) => kids(keys.filter((key) => key.revoked !== undefined));
  return {
    added: kids(fresh).filter((kid) => !kids(old).includes(kid)),
    revoked: revoked(fresh).filter((kid) => !revoked(old).includes(kid)),
    ended: kids(old).filter((kid) => !kids(fresh).includes(kid)),
  };
}
