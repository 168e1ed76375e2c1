import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { regionOfRole, TARGETS } from '../metadata/delegations.ts';
import { readScheme } from '../registry-view/read-federation.ts';
import { contentOf } from './content.ts';
import type { Draft } from './draft.ts';
import type { Overlay } from './event/lay-over.ts';

/** A file of a region that speaks of a scheme: its rules, or a list of places. */
export interface SchemeFile {
  readonly region: string;
  readonly path: string;
  readonly scheme: Scheme;
  readonly bytes: Bytes;
}

/**
 * Files that an event publishes anew, or that were published before and whose scheme it changes. Files for a scheme that the federation does not have say
 * nothing, and one that is not at hand, or whose scheme cannot be read, is told by other checks.
 *
 * @param schemeOf `ruleSchemeOfFile`, or `placeSchemeOfFile`
 */
export function touchedSchemeFiles(
  { published, next }: Overlay,
  schemeOf: (region: string, path: string) => string | undefined,
): readonly SchemeFile[] {
  return [...next.roles].flatMap(([region, { signed }]) => {
    if (region === TARGETS || regionOfRole(region) !== region) return [];
    return Object.keys(signed.targets).flatMap((path) => {
      const id = schemeOf(region, path);
      if (id === undefined) return [];
      const schemeFile = `schemes/${id}.json`;
      const isTouched = [
        [region, path],
        [TARGETS, schemeFile],
      ].some(([role = '', file = '']) => hashOf(next, role, file) !== hashOf(published, role, file));
      const scheme = isTouched ? schemeIn(next, schemeFile) : undefined;
      const bytes = contentOf(next, region, path);
      return scheme === undefined || bytes === undefined ? [] : [{ region, path, scheme, bytes }];
    });
  });
}

function hashOf(draft: Draft | undefined, role: string, path: string): string | undefined {
  return own(draft?.roles.get(role)?.signed.targets ?? {}, path)?.hashes.sha256;
}

function schemeIn(draft: Draft, path: string): Scheme | undefined {
  const bytes = contentOf(draft, TARGETS, path);
  return bytes && unlessMalformed(() => readScheme(path, parseStrictJson(fromUtf8(bytes))));
}

/** What cannot be read is told by `checkContents`. */
export function unlessMalformed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}
