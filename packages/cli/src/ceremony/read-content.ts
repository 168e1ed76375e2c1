import type { Bytes } from '@symbolon/protocol/bytes';
import { readFolder } from '../files/read-folder.ts';

/** Files of the federation: `federation.json`, `dictionary.json`, `schemes/health.json`. */
export function federationContent(folder: string): Promise<ReadonlyMap<string, Bytes>> {
  return readFolder(folder);
}

/** Files of a region, `region.json` or `rules.health.json`, by their paths in the registry: `regions/CN-GD/region.json`. */
export async function regionContent(folder: string, region: string): Promise<ReadonlyMap<string, Bytes>> {
  return new Map([...(await readFolder(folder))].map(([name, bytes]) => [regionPath(region, name), bytes]));
}

export function regionPath(region: string, name: string): string {
  return `regions/${region}/${name}`;
}
