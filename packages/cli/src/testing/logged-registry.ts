import type { LogRegistry } from '@symbolon/audit/log-of-region';
import { SAMPLE_FEDERATION } from '@symbolon/local/sample/federation';
import { type AnySampleRegion, sampleRegion } from '@symbolon/local/sample/regions';
import { SAMPLE_SCHEMES } from '@symbolon/local/sample/schemes';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import type { LogPlace, Witnesses } from '@symbolon/protocol/schemas/log';
import type { RegionView } from '@symbolon/registry/registry-view';

/** The sample federation as a client sees it, with a log for those regions that are given one. For tests. */
export function loggedRegistry(
  now: Instant,
  logs: Readonly<Partial<Record<AnySampleRegion, LogPlace | undefined>>>,
  witnesses?: Witnesses,
): LogRegistry {
  const expires = addHours(now, 24);
  const viewOf = (id: AnySampleRegion): RegionView => {
    const log = logs[id];
    const endpoint = 'http://127.0.0.1:1';
    return {
      region: { ...sampleRegion(id, { endpoint }), ...(log !== undefined && { log }) },
      ...{ keys: [], lateKeys: {}, lateRules: {}, ruleSets: {}, placeLists: {} },
      ...{ recognition: undefined, expires, expired: false },
    };
  };
  return {
    federation: { ...SAMPLE_FEDERATION, ...(witnesses !== undefined && { witnesses }) },
    schemes: SAMPLE_SCHEMES,
    regions: {
      'CN-BJ': viewOf('CN-BJ'),
      'CN-BJ.haidian': viewOf('CN-BJ.haidian'),
      'CN-GD': viewOf('CN-GD'),
    },
    malformedRegions: {},
  };
}
