import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Region } from '@symbolon/protocol/schemas/region';
import { concurrently } from '@symbolon/registry/concurrently';
import type { DoctorFinding } from '@symbolon/registry/doctor/finding';
import { httpRepository } from '@symbolon/registry/http-repository';
import type { RegistryView } from '@symbolon/registry/registry-view';
import { examineLists } from './examine-lists.ts';
import { fetchLists } from './fetch-lists.ts';

const ANSWER_MILLISECONDS = 5_000;
const UNREACHABLE = ['metadata-missing', 'metadata-unreachable'];

/** Asks the services of every region that can be used, a few regions at a time. `onRegion` is told how many are done. */
export async function observeRegions(
  registry: RegistryView,
  now: Instant,
  onRegion: (done: number, all: number) => void,
): Promise<readonly DoctorFinding[]> {
  const regions = Object.values(registry.regions);
  let done = 0;
  const findings = await concurrently(regions, async ({ region }) => {
    const found = await Promise.all([observeIssuer(region), observeLists(registry, region, now)]);
    onRegion(++done, regions.length);
    return found.flat();
  });
  return findings.flat();
}

/** The API has nothing to read at its address; that it says so is the answer. */
async function observeIssuer({ region, endpoints }: Region): Promise<readonly DoctorFinding[]> {
  const { fetch } = httpRepository({ baseUrl: endpoints.issuer, timeoutMs: ANSWER_MILLISECONDS });
  return whenReached(`${region}.issuer`, async () => {
    await fetch('', LIMITS.requestBytes);
    return [];
  });
}

async function observeLists(
  registry: RegistryView,
  region: Region,
  now: Instant,
): Promise<readonly DoctorFinding[]> {
  return whenReached(`${region.region}.lists`, async () =>
    examineLists(registry, region.region, await fetchLists(region), now),
  );
}

/** REQ-DOC-006 */
async function whenReached(
  place: string,
  look: () => Promise<readonly DoctorFinding[]>,
): Promise<readonly DoctorFinding[]> {
  try {
    return await look();
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    const reason = error.code;
    const code = UNREACHABLE.includes(reason) ? 'endpoint-unreachable' : 'endpoint-disagrees';
    return [{ code, severity: 'fail', place, reason }];
  }
}
