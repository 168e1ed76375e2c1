import { basename } from 'node:path';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { givenBy } from '../files/file-fault.ts';
import { plain } from '../output/terminal.ts';
import type { Passphrases } from './passphrase.ts';
import { readPublicKeyFile } from './public-key-file.ts';
import { signerAt } from './signer-at.ts';

/** A public key by where it is: `NAME.pub.json` (any `.json`), or the address of a signer. */
export async function publicKeyAt(address: string, passphrases: Passphrases): Promise<PublicJwk> {
  if (address.endsWith('.json')) return givenBy(plain(basename(address)), () => readPublicKeyFile(address));
  return (await signerAt(address, passphrases)).publicJwk;
}
