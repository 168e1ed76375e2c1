import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import { regionOfRole, TARGETS } from '../../metadata/delegations.ts';
import { targetFile } from '../../metadata/file-names.ts';
import type { TargetsMetadata } from '../../metadata/metadata.ts';
import { DICTIONARY_FILE, FEDERATION_FILE, ownerOf, regionFile } from '../../registry-view/owners.ts';
import { checkContent } from '../content-checks.ts';
import type { Overlay } from '../event/lay-over.ts';
import type { Check } from './check.ts';
import { ruleFaults } from './rules.ts';

/** What the roles of an event list: theirs to sign, of the right form, taking nothing back, and all there. */
export const checkContents: Check = (overlay, now) => [
  ...[...overlay.event.roles].flatMap(([role, metadata]) => [
    ...listingFaults(overlay, role, metadata),
    ...requiredFiles(role)
      .filter((path) => own(metadata.signed.targets, path) === undefined)
      .map((path) => new SymbolonError('metadata-missing', { path })),
  ]),
  ...ruleFaults(overlay, now),
];

function listingFaults(
  { event, published }: Overlay,
  role: string,
  { signed }: TargetsMetadata,
): SymbolonError[] {
  const before = published?.roles.get(role)?.signed.targets ?? {};
  return Object.entries(signed.targets).flatMap(([path, { hashes }]) => {
    const owner = ownerOf(path);
    // REQ-REG-012
    if (owner !== undefined && owner !== role) return [new SymbolonError('role-overreach', { path })];
    if (own(before, path)?.hashes.sha256 === hashes.sha256) return [];
    const bytes = event.targets.get(targetFile(path, hashes.sha256));
    if (bytes === undefined) return [new SymbolonError('event-malformed', { path })];
    try {
      checkContent(role, path, bytes, published?.base);
      return [];
    } catch (error) {
      if (!isSymbolonError(error)) throw error;
      const { code, path: within } = error;
      return [new SymbolonError(code, { path: within === undefined ? path : `${path} ${within}` })];
    }
  });
}

/** Without these clients could not use the region, or the registry. */
function requiredFiles(role: string): readonly string[] {
  if (role === TARGETS) return [FEDERATION_FILE, DICTIONARY_FILE];
  const region = regionOfRole(role);
  return [regionFile(region, region === role ? 'region.json' : 'keys.json')];
}
