import type { Bytes } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import { keysRoleOf, regionOfRole, TARGETS } from '../metadata/delegations.ts';
import { targetFile } from '../metadata/file-names.ts';
import type { TargetInfo } from '../metadata/schemas.ts';
import { concurrently } from '../registry-view/concurrently.ts';
import type { LoadedRegistry } from '../registry-view/load-registry.ts';
import { regionFile, ruleSchemeOfFile } from '../registry-view/owners.ts';
import { isExpected, type ReadFile } from '../registry-view/source.ts';

/**
 * The files of a published registry, and those of regions that clients cannot use: a region with one broken file has published its keys and rules all
 * the same, and the checks of a ceremony go by what is published. A file that is not there, or is not the one that is listed, is left out; whoever asks
 * for it is told (`listedContentOf`).
 *
 * @throws what the source throws because it cannot know
 */
export async function withListedFiles(base: LoadedRegistry, read: ReadFile): Promise<LoadedRegistry> {
  const missing = [...base.tree.roles].flatMap(([role, { metadata }]) =>
    Object.entries(metadata.signed.targets).filter(
      ([path, info]) => isChecked(role, path) && !base.files.has(targetFile(path, info.hashes.sha256)),
    ),
  );
  if (missing.length === 0) return base;
  const found = await concurrently(missing, async ([path, info]): Promise<[string, Bytes][]> => {
    const file = targetFile(path, info.hashes.sha256);
    const bytes = await readListed(read, file, info);
    return bytes === undefined ? [] : [[file, bytes]];
  });
  return { ...base, files: new Map([...base.files, ...found.flat()]) };
}

/** What checks ask for of a region: its keys, its names and operators, its rules. */
function isChecked(role: string, path: string): boolean {
  if (role === TARGETS) return false;
  const region = regionOfRole(role);
  if (role === keysRoleOf(region)) return path === regionFile(region, 'keys.json');
  return path === regionFile(region, 'region.json') || ruleSchemeOfFile(region, path) !== undefined;
}

async function readListed(
  read: ReadFile,
  file: string,
  { length, hashes }: TargetInfo,
): Promise<Bytes | undefined> {
  if (length > LIMITS.metadataBytes) return undefined;
  const expected = { maxBytes: length, sha256: hashes.sha256 };
  const bytes = await read(file, expected);
  // REQ-REG-007
  return bytes !== undefined && bytes.length === length && isExpected(bytes, expected) ? bytes : undefined;
}
