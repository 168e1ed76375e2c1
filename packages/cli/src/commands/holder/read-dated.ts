import { howMany } from '../../output/how-many.ts';
import { note } from '../../output/terminal.ts';
import { type DatedCredential, dateCredentials } from '../../wallet/dated.ts';
import { readWallet } from '../../wallet/wallet-file.ts';

/** The credentials of a wallet with their ends. How many of them cannot be read is told. @throws SymbolonError `input-unreadable` */
export async function readDated(path: string): Promise<readonly DatedCredential[]> {
  const dated = await dateCredentials((await readWallet(path)).credentials);
  const unreadable = dated.filter(({ expiresAt }) => expiresAt === undefined).length;
  if (unreadable > 0)
    note(`${howMany(unreadable, 'credential')} of this wallet cannot be read, and stay unused.`);
  return dated;
}
