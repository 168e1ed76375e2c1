import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { type Json, parseStrictJson } from '@symbolon/protocol/strict-json';
import type { Roles } from '../metadata/delegations.ts';
import { targetFile } from '../metadata/file-names.ts';
import type { Profile } from '../metadata/profile.ts';
import type { ReadFile } from './source.ts';
import { TargetFinder } from './target-finder.ts';

/** Targets of one repository: looked up through its roles, read by their consistent names, held to length and hash. */
export interface Targets {
  /**
   * @throws SymbolonError `target-unknown` when no role has it, `metadata-missing` when its file is not there, `metadata-mismatch`,
   * `metadata-too-large`, `delegation-bounds`
   */
  read(path: string): Promise<Bytes>;
  /** The same, as JSON. @throws also SymbolonError `utf8-malformed`, `json-...` */
  readJson(path: string): Promise<Json>;
}

export function targetsOf(roles: Roles, read: ReadFile, integrity: Profile['integrity']): Targets {
  const finder = new TargetFinder(roles);
  const readBytes = async (path: string): Promise<Bytes> => {
    const found = finder.find(path);
    if (found === undefined) throw new SymbolonError('target-unknown');
    const { length, hashes } = found.info;
    if (length > LIMITS.metadataBytes) {
      throw new SymbolonError('metadata-too-large', { bound: LIMITS.metadataBytes });
    }
    const bytes = await read(targetFile(path, hashes.sha256), { maxBytes: length, sha256: hashes.sha256 });
    if (bytes === undefined) throw new SymbolonError('metadata-missing');
    await integrity(bytes, found.info);
    return bytes;
  };
  return {
    read: readBytes,
    readJson: async (path) => parseStrictJson(fromUtf8(await readBytes(path))),
  };
}
