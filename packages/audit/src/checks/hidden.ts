import type { RegistryView } from '@symbolon/registry/registry-view';
import type { Findings } from '../findings.ts';
import type { PastRegistry } from '../registry/past.ts';
import { placeOf } from './log-places.ts';

/** What cannot be audited as the registry does not name it now: regions that cannot be read, and logs that it named before. */
export function checkHidden(
  { malformedRegions }: Pick<RegistryView, 'malformedRegions'>,
  { publications }: PastRegistry,
  origins: readonly string[],
  wanted: readonly string[] | undefined,
  findings: Findings,
): void {
  const isWanted = (region: string) => wanted?.includes(region) ?? true;
  for (const [region, code] of Object.entries(malformedRegions))
    if (isWanted(region)) findings.add('regions', 'warning', code, region);
  const gone = new Set<string>();
  for (const { regions } of publications) {
    for (const id of regions.keys()) {
      const place = placeOf(id, (above) => regions.get(above)?.region?.log);
      if (isWanted(id) && place !== undefined && !origins.includes(place.origin))
        gone.add(`${id}, ${place.origin}`);
    }
  }
  for (const place of gone) findings.add('regions', 'warning', 'log-missing', place);
}
