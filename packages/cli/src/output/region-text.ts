import { textOf } from '@symbolon/protocol/texts';
import type { RegistryView } from '@symbolon/registry/registry-view';
import type { regionStatus } from '../registry/region-status.ts';
import { heading, plain, print } from './terminal.ts';

export interface RegionStatuses {
  readonly regions: ReturnType<typeof regionStatus>;
  readonly unusable: RegistryView['malformedRegions'];
}

/** Regions with their keys, and those that cannot be used with the reason. */
export function printRegions({ regions, unusable }: RegionStatuses): void {
  for (const { region, name, schemes, expires, keys } of regions) {
    print(`\n${heading(region)} ${plain(name)}: ${schemes.join(', ')}; files until ${expires}`);
    for (const { kid, use, alg, state, notBefore, notAfter } of keys) {
      print(`  ${kid} ${use.padEnd(10)} ${alg} ${state.padEnd(8)} ${notBefore} to ${notAfter}`);
    }
  }
  for (const [region, code] of Object.entries(unusable)) print(`\n${region}: ${textOf(code)} [${code}]`);
}
