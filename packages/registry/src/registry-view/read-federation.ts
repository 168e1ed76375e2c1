import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { check } from '@symbolon/protocol/schemas/common';
import { Dictionary, Federation } from '@symbolon/protocol/schemas/federation';
import { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Json } from '@symbolon/protocol/strict-json';
import { type Roles, TARGETS } from '../metadata/delegations.ts';
import { concurrently } from './concurrently.ts';
import { DICTIONARY_FILE, FEDERATION_FILE, schemeOfFile } from './owners.ts';
import type { Targets } from './read-target.ts';
import type { RegistryView } from './registry-view.ts';

/**
 * The files that the admins sign for everyone. Without them nothing can be judged, so a damaged one is an error.
 *
 * @throws SymbolonError `metadata-missing`, `metadata-malformed`, `metadata-mismatch`, `metadata-too-large`
 */
export async function readFederation(
  roles: Roles,
  targets: Targets,
): Promise<Pick<RegistryView, 'federation' | 'dictionary' | 'schemes'>> {
  const federation = check(Federation, await readJson(targets, FEDERATION_FILE), 'metadata-malformed');
  const dictionary = check(Dictionary, await readJson(targets, DICTIONARY_FILE), 'metadata-malformed');
  const listed = Object.keys(roles.get(TARGETS)?.metadata.signed.targets ?? {});
  const schemes = await concurrently(
    listed.filter((path) => schemeOfFile(path) !== undefined),
    async (path) => readScheme(path, await readJson(targets, path)),
  );
  return { federation, dictionary, schemes: Object.fromEntries(schemes.map((each) => [each.id, each])) };
}

/** A scheme's id is its file's name. @throws SymbolonError `metadata-malformed` */
export function readScheme(path: string, json: Json): Scheme {
  const scheme = check(Scheme, json, 'metadata-malformed');
  if (scheme.id !== schemeOfFile(path)) throw new SymbolonError('metadata-malformed', { path: 'id' });
  return scheme;
}

async function readJson(targets: Targets, path: string): Promise<Json> {
  try {
    return await targets.readJson(path);
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
    if (cause.code === 'target-unknown') throw new SymbolonError('metadata-missing', { cause });
    if (cause.code === 'utf8-malformed' || cause.code.startsWith('json-')) {
      throw new SymbolonError('metadata-malformed', { cause });
    }
    throw cause;
  }
}
