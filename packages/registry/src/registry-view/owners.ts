import { SymbolonError } from '@symbolon/protocol/errors';
import { isRegionId } from '@symbolon/protocol/ids';
import { keysRoleOf, type Roles, TARGETS } from '../metadata/delegations.ts';

export const FEDERATION_FILE = 'federation.json';
export const DICTIONARY_FILE = 'dictionary.json';
const SCHEME_FILE = /^schemes\/(.+)\.json$/;
const REGION_FILE = /^regions\/([^/]+)\/(.+)$/;
const RULES_FILE = /^rules\.(.+)\.json$/;
const PLACES_FILE = /^places\.(.+)\.json$/;

export function regionFile(region: string, name: string): string {
  return `regions/${region}/${name}`;
}

/** `health` for `schemes/health.json`. */
export function schemeOfFile(path: string): string | undefined {
  return SCHEME_FILE.exec(path)?.[1];
}

/** `health` for `regions/<region>/rules.health.json`. */
export function ruleSchemeOfFile(region: string, path: string): string | undefined {
  return schemeIn(RULES_FILE, region, path);
}

/** `health` for `regions/<region>/places.health.json`. */
export function placeSchemeOfFile(region: string, path: string): string | undefined {
  return schemeIn(PLACES_FILE, region, path);
}

function schemeIn(pattern: RegExp, region: string, path: string): string | undefined {
  const prefix = regionFile(region, '');
  return path.startsWith(prefix) ? pattern.exec(path.slice(prefix.length))?.[1] : undefined;
}

/**
 * The only role whose word counts for a path (protocol, section 4): `regions/<id>/keys.json` is of `<id>.keys`, all else in that
 * folder of `<id>`, the files of the federation of the top-level targets. Null: nobody's; undefined: no file that means something here.
 */
export function ownerOf(path: string): string | null | undefined {
  const [, region, name] = REGION_FILE.exec(path) ?? [];
  if (region !== undefined) {
    if (!isRegionId(region)) return null;
    return name === 'keys.json' ? keysRoleOf(region) : region;
  }
  const federal = path === FEDERATION_FILE || path === DICTIONARY_FILE || schemeOfFile(path) !== undefined;
  return federal ? TARGETS : undefined;
}

/**
 * REQ-REG-012: nobody signs for a region. A listing in another role is not skipped but refused, with the whole repository: no honest
 * ceremony makes one.
 *
 * @throws SymbolonError `role-overreach`
 */
export function checkOverreach(roles: Roles): void {
  for (const { name, metadata } of roles.values()) {
    for (const path of Object.keys(metadata.signed.targets)) {
      const owner = ownerOf(path);
      if (owner !== undefined && owner !== name) throw new SymbolonError('role-overreach');
    }
  }
}
