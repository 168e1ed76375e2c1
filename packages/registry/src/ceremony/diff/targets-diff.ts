import { own } from '@symbolon/protocol/own';
import { isJsonObject, type JsonObject } from '@symbolon/protocol/strict-json';
import type { TargetsMetadata } from '../../metadata/metadata.ts';
import type { TargetInfo } from '../../metadata/schemas.ts';
import type { Overlay } from '../event/lay-over.ts';
import { contentDiff } from './content-diff.ts';
import { jsonDiff } from './json-diff.ts';
import { changeLine, type DiffLine } from './line.ts';
import { placeLines, type Room } from './place-lines.ts';

/** Files that a role adds, takes out and changes, with the places within that differ. */
export function targetsDiff(overlay: Overlay, role: string, room: Room): readonly DiffLine[] {
  const was = overlay.published?.roles.get(role);
  const metadata = overlay.event.roles.get(role);
  const [before, after] = [was?.signed.targets ?? {}, metadata?.signed.targets ?? {}];
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths].toSorted().flatMap((path): readonly DiffLine[] => {
    const [old, fresh] = [own(before, path), own(after, path)];
    const others = jsonDiff(otherFields(was, path), otherFields(metadata, path));
    const lines = placeLines(role, `${path} (listing)`, others, room);
    if (old?.hashes.sha256 === fresh?.hashes.sha256 && old?.length === fresh?.length) return lines;
    const change = { before: old && wordsOf(old), after: fresh && wordsOf(fresh) };
    return [changeLine(role, path, change), ...lines, ...contentDiff(overlay, role, path, room)];
  });
}

function wordsOf({ length, hashes }: TargetInfo): string {
  return `${length} bytes, sha256 ${hashes.sha256}`;
}

/** What a role says of a file beside its length and its SHA-256. */
export function otherFields(metadata: TargetsMetadata | undefined, path: string): JsonObject {
  const targets = metadata?.raw['targets'];
  const info = isJsonObject(targets) ? own(targets, path) : undefined;
  if (!isJsonObject(info)) return {};
  const { length: _length, hashes, ...others } = info;
  const { sha256: _sha256, ...more } = isJsonObject(hashes) ? hashes : {};
  return Object.keys(more).length === 0 ? others : { ...others, hashes: more };
}
