import { fromUtf8 } from '@symbolon/protocol/bytes';
import { own } from '@symbolon/protocol/own';
import { isJsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import { keysRoleOf } from '../metadata/delegations.ts';
import { targetFile } from '../metadata/file-names.ts';
import type { LoadedRegistry } from '../registry-view/load-registry.ts';
import { regionFile } from '../registry-view/owners.ts';

/** Whether a region has said, when it revoked its last key, that it issues no more (`"issuing": "stopped"` in `keys.json`). */
export function hasStopped({ tree, files }: LoadedRegistry, region: string): boolean {
  const path = regionFile(region, 'keys.json');
  const listed = own(tree.roles.get(keysRoleOf(region))?.metadata.signed.targets ?? {}, path);
  const bytes = listed && files.get(targetFile(path, listed.hashes.sha256));
  if (bytes === undefined) return false;
  // It was read as JSON already, or the region would not be one that can be used.
  const content = parseStrictJson(fromUtf8(bytes));
  return isJsonObject(content) && content['issuing'] === 'stopped';
}
