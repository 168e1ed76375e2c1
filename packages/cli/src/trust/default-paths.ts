import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a verifier's trust is kept unless `--trust` says otherwise. */
export function defaultTrustFolder(): string {
  return process.env['SYMBOLON_TRUST'] ?? join(homedir(), '.symbolon', 'trust');
}

/** Where the state of bundles given as files is kept, one file for each pinned root. */
export function defaultStateFolder(): string {
  return process.env['SYMBOLON_STATE'] ?? join(homedir(), '.symbolon', 'state');
}

export function defaultWallet(): string {
  return process.env['SYMBOLON_WALLET'] ?? join(homedir(), '.symbolon', 'wallet.json');
}
