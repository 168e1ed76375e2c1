import { fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import { type Json, parseStrictJson } from '@symbolon/protocol/strict-json';
import { keysRoleOf, regionOfRole } from '../../metadata/delegations.ts';
import { regionFile } from '../../registry-view/owners.ts';
import { contentOf } from '../content.ts';
import type { Draft } from '../draft.ts';
import type { Overlay } from '../event/lay-over.ts';
import { jsonDiff } from './json-diff.ts';
import { type KeysDiff, keysDiff } from './keys-diff.ts';
import { type DiffLine, gapLine } from './line.ts';
import { placeLines, type Room } from './place-lines.ts';

/** Where the content of a file that a role lists anew differs from what is published. What cannot be compared is told as such. */
export function contentDiff(
  { published, event, next }: Overlay,
  role: string,
  path: string,
  room: Room,
): readonly DiffLine[] {
  // A file that goes is told by its name.
  if (own(event.roles.get(role)?.signed.targets ?? {}, path) === undefined) return [];
  const listed = own(published?.roles.get(role)?.signed.targets ?? {}, path) !== undefined;
  const before = listed && published ? jsonOf(published, role, path) : undefined;
  const after = jsonOf(next, role, path);
  if (after === undefined) return [gapLine(role, `${path} is not shown: it is not there, or is not JSON`)];
  const gap =
    listed && before === undefined
      ? [gapLine(role, `${path} is shown whole: what is published of it could not be read`)]
      : [];
  const { lines, others } = inWords(role, path, before, after);
  const places = placeLines(role, path, others, room);
  if (gap.length + lines.length + places.length > 0) return [...gap, ...lines, ...places];
  return [
    { role, mark: 'warning', subject: `${path} says the same as before: only how it is written differs` },
  ];
}

function inWords(role: string, path: string, before: Json | undefined, after: Json): KeysDiff {
  const region = regionOfRole(role);
  const isKeys = role === keysRoleOf(region) && path === regionFile(region, 'keys.json');
  const keys = isKeys ? readable(() => keysDiff(region, before, after)) : undefined;
  return keys ?? { lines: [], others: jsonDiff(before, after) };
}

function jsonOf(draft: Draft, role: string, path: string): Json | undefined {
  const bytes = contentOf(draft, role, path);
  return bytes && readable(() => parseStrictJson(fromUtf8(bytes)));
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
