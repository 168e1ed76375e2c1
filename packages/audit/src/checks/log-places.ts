import { parentRegion } from '@symbolon/protocol/ids';
import type { LogPlace } from '@symbolon/protocol/schemas/log';

/** A log of decisions, and the regions that log there. */
export interface RegionLog {
  readonly place: LogPlace;
  readonly regions: readonly string[];
}

/** Where a region logs: its own log, or that of the nearest region above it that has one. */
export function placeOf(region: string, own: (region: string) => LogPlace | undefined): LogPlace | undefined {
  for (let id: string | undefined = region; id !== undefined; id = parentRegion(id)) {
    const place = own(id);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** The logs of these regions, each once. */
export function regionLogs(
  regions: readonly string[],
  own: (region: string) => LogPlace | undefined,
): readonly RegionLog[] {
  const logs = new Map<string, { place: LogPlace; regions: string[] }>();
  for (const region of regions.toSorted()) {
    const place = placeOf(region, own);
    if (place === undefined) continue;
    const known = logs.get(place.origin) ?? { place, regions: [] };
    known.regions.push(region);
    logs.set(place.origin, known);
  }
  return [...logs.values()];
}
