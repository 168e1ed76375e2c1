import type { DataFolder } from '@symbolon/local/data-folder';
import type { LocalNetwork } from '@symbolon/local/network';
import type { HeldCredential } from '../wallet/wallet-file.ts';
import type { Narrator } from './narrator.ts';

/** What the chapters hand on. */
export interface Stage {
  readonly network: LocalNetwork;
  readonly folder: DataFolder;
  readonly tell: Narrator;
  readonly print: (text: string) => void;
}

export function homeOf(network: LocalNetwork, region: LocalNetwork['regions'][number]['region']) {
  const home = network.regions.find((each) => each.region === region);
  if (home === undefined) throw new TypeError('no such region');
  return home;
}

export function held(wallet: readonly HeldCredential[], index: number): HeldCredential {
  const held = wallet[index];
  if (held === undefined) throw new TypeError('the batch was too small');
  return held;
}
