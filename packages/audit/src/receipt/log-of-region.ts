import { type LogTrust, logTrust } from '@symbolon/log/checkpoint';
import { SymbolonError } from '@symbolon/protocol/errors';
import { parentRegion } from '@symbolon/protocol/ids';
import { own } from '@symbolon/protocol/own';
import type { RegistryView } from '@symbolon/registry/registry-view';

/** What is read of a registry to check receipts. */
export type LogRegistry = Pick<RegistryView, 'federation' | 'schemes' | 'regions' | 'malformedRegions'>;

/**
 * The log of a region's decisions: its own, or that of the nearest region above it that has one. Nothing when none of them has.
 *
 * @throws SymbolonError why a region on the way cannot be used: nobody can say then which log it is
 */
export function logOfRegion(
  { regions, malformedRegions, federation }: Omit<LogRegistry, 'schemes'>,
  region: string,
): LogTrust | undefined {
  for (let id: string | undefined = region; id !== undefined; id = parentRegion(id)) {
    const fault = own(malformedRegions, id);
    if (fault !== undefined) throw new SymbolonError(fault);
    const place = own(regions, id)?.region.log;
    if (place !== undefined) return logTrust(place, federation.witnesses);
  }
  return undefined;
}
