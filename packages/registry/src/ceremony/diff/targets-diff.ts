import { fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import { isJsonObject, type Json, type JsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import { keysRoleOf, regionOfRole } from '../../metadata/delegations.ts';
import type { TargetsMetadata } from '../../metadata/metadata.ts';
import type { TargetInfo } from '../../metadata/schemas.ts';
import { regionFile } from '../../registry-view/owners.ts';
import { contentOf } from '../content.ts';
import type { Draft } from '../draft.ts';
import type { Overlay } from '../event/lay-over.ts';
import { jsonDiff } from './json-diff.ts';
import { keysDiff } from './keys-diff.ts';
import { changeLine, type DiffLine } from './line.ts';

/** Larger files, and more places, are told by their hashes. */
const SMALL_BYTES = 64 * 1024;
const PLACES = 200;

/** Files that a role adds, takes out and changes, with the places within that differ. */
export function targetsDiff(overlay: Overlay, role: string): readonly DiffLine[] {
  const before = overlay.published?.roles.get(role)?.signed.targets ?? {};
  const metadata = overlay.event.roles.get(role);
  const after = metadata?.signed.targets ?? {};
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths].toSorted().flatMap((path): readonly DiffLine[] => {
    const [old, fresh] = [own(before, path), own(after, path)];
    const extra = jsonDiff(
      otherFields(overlay.published?.roles.get(role), path),
      otherFields(metadata, path),
    );
    const lines = extra.map((place) => changeLine(role, `${path} (listing) ${place.path}`, place));
    if (old?.hashes.sha256 === fresh?.hashes.sha256 && old?.length === fresh?.length) return lines;
    const change = { before: old && wordsOf(old), after: fresh && wordsOf(fresh) };
    return [changeLine(role, path, change), ...lines, ...contentDiff(overlay, role, path)];
  });
}

function wordsOf({ length, hashes }: TargetInfo): string {
  return `${length} bytes, sha256 ${hashes.sha256}`;
}

/** What a role says of a file beside its length and hash. */
function otherFields(metadata: TargetsMetadata | undefined, path: string): JsonObject {
  const targets = metadata?.raw['targets'];
  const info = isJsonObject(targets) ? targets[path] : undefined;
  if (!isJsonObject(info)) return {};
  const { length: _length, hashes: _hashes, ...others } = info;
  return others;
}

function contentDiff(overlay: Overlay, role: string, path: string): readonly DiffLine[] {
  const { published, next } = overlay;
  const region = regionOfRole(role);
  if (role === keysRoleOf(region) && path === regionFile(region, 'keys.json')) {
    const lines = readable(() => keysDiff(overlay, region));
    if (lines !== undefined) return lines;
  }
  const listed = own(published?.roles.get(role)?.signed.targets ?? {}, path) !== undefined;
  const before = listed && published ? jsonOf(published, role, path) : {};
  const after = jsonOf(next, role, path);
  if (before === undefined || after === undefined) return [];
  const places = jsonDiff(before, after);
  const lines = places.slice(0, PLACES).map((place) => changeLine(role, `${path} ${place.path}`, place));
  const more = places.length - lines.length;
  if (more === 0) return lines;
  return [
    ...lines,
    { role, mark: 'warning', subject: `${path} differs in ${more} more places: compare the files` },
  ];
}

function jsonOf(draft: Draft, role: string, path: string): Json | undefined {
  const bytes = contentOf(draft, role, path);
  if (bytes === undefined || bytes.length > SMALL_BYTES) return undefined;
  return readable(() => parseStrictJson(fromUtf8(bytes)));
}

/** A file that cannot be read is told by its hash here, and refused by `checkEvent`. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}
