import { fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { keysRoleOf, regionOfRole, TARGETS } from '../metadata/delegations.ts';
import { targetFile } from '../metadata/file-names.ts';
import { checkIntegrity } from '../metadata/integrity.ts';
import type { TargetsMetadata } from '../metadata/metadata.ts';
import { regionFile } from '../registry-view/owners.ts';
import { readRegionKeys } from '../registry-view/region-files.ts';
import type { ReadFile } from '../registry-view/source.ts';

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
  const [old, fresh] = [await keysIn(read, region, before), await keysIn(read, region, after)];
  const kids = (keys: readonly RegionKey[]) => keys.map(({ kid }) => kid);
  const revoked = (keys: readonly RegionKey[]) => kids(keys.filter((key) => key.revoked !== undefined));
  return {
    added: kids(fresh).filter((kid) => !kids(old).includes(kid)),
    revoked: revoked(fresh).filter((kid) => !revoked(old).includes(kid)),
    ended: kids(old).filter((kid) => !kids(fresh).includes(kid)),
  };
}

async function keysIn(
  read: ReadFile,
  region: string,
  metadata: TargetsMetadata | undefined,
): Promise<readonly RegionKey[]> {
  const path = regionFile(region, 'keys.json');
  const info = own(metadata?.signed.targets ?? {}, path);
  if (info === undefined) return [];
  const file = targetFile(path, info.hashes.sha256);
  const bytes = await read(file, { maxBytes: info.length, sha256: info.hashes.sha256 });
  if (bytes === undefined) throw new SymbolonError('metadata-missing', { path: file });
  checkIntegrity(bytes, info);
  return readRegionKeys(region, parseStrictJson(fromUtf8(bytes))).keys;
}
