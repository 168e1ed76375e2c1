import type { Bytes } from '@symbolon/protocol/bytes';
import { givenBy } from '../files/file-fault.ts';
import { readFolder } from '../files/read-folder.ts';
import { UsageError } from '../usage-error.ts';

/** Files of the federation: `federation.json`, `dictionary.json`, `schemes/health.json`. */
export function federationContent(folder: string): Promise<ReadonlyMap<string, Bytes>> {
  return content(folder, /^(federation\.json|dictionary\.json|schemes\/[^/]+\.json)$/, NOT_FEDERAL);
}

/** Files of a region, `region.json` or `rules.health.json`, by their paths in the registry: `regions/CN-GD/region.json`. */
export async function regionContent(folder: string, region: string): Promise<ReadonlyMap<string, Bytes>> {
  const files = await content(
    folder,
    /^(region|recognition|keys|(?:rules|places)\.[^/]+)\.json$/,
    NOT_REGIONAL,
  );
  return new Map([...files].map(([name, bytes]) => [regionPath(region, name), bytes]));
}

/** Other names would be signed and published, and mean nothing to anyone. */
async function content(
  folder: string,
  names: RegExp,
  otherwise: string,
): Promise<ReadonlyMap<string, Bytes>> {
  const files = await givenBy('--files', () => readFolder(folder));
  if (files.size === 0) throw new UsageError('The folder given with --files is empty.');
  if (![...files.keys()].every((name) => names.test(name))) throw new UsageError(otherwise);
  return files;
}

const NOT_FEDERAL =
  'The folder given with --files holds other files than federation.json, dictionary.json and schemes/<scheme>.json. Files of a region: did you mean --region?';
const NOT_REGIONAL =
  'The folder given with --files holds other files than region.json, rules.<scheme>.json, places.<scheme>.json, recognition.json and keys.json: it is not the folder of a region.';

export function regionPath(region: string, name: string): string {
  return `regions/${region}/${name}`;
}
