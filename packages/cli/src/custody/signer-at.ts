import { basename } from 'node:path';
import { openKeyFile } from '@symbolon/keys/key-file';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { readSecretFile } from '@symbolon/local/files/secret-file';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { givenBy } from '../files/file-fault.ts';
import { plain } from '../output/terminal.ts';
import type { Passphrases } from './passphrase.ts';

/** `awskms:///KEY`: a key id, an alias (`alias/name`) or an ARN. */
const KMS = /^awskms:\/\/\/(.+)$/;

/**
 * A signer by its address: a path that ends in `.jwe`, or `awskms:///KEY` (region, account and endpoint by the SDK's own variables). A security
 * module of another kind is plugged in here: docs/guides/admin.md, "Other security modules (PKCS#11)".
 *
 * @throws SymbolonError `key-uri-unsupported`, `key-file-exposed`, `key-file-malformed`, `key-file-passphrase`, `key-service-failed`
 */
export async function signerAt(address: string, passphrases: Passphrases): Promise<Signer> {
  const [, kmsKey] = KMS.exec(address) ?? [];
  if (kmsKey !== undefined) return kmsSignerAt(kmsKey);
  if (isKeyFilePath(address)) return keyFileSigner(address, passphrases);
  // REQ-KEY-014: nothing is guessed from an address.
  throw new SymbolonError('key-uri-unsupported');
}

export function signersAt(addresses: readonly string[], passphrases: Passphrases): Promise<Signer[]> {
  // One after another: each may ask for its passphrase.
  return addresses.reduce<Promise<Signer[]>>(
    async (before, address) => [...(await before), await signerAt(address, passphrases)],
    Promise.resolve([]),
  );
}

export function isKeyFilePath(address: string): boolean {
  return address.endsWith('.jwe') && !/^[a-z][a-z0-9+.-]*:/i.test(address);
}

async function keyFileSigner(path: string, passphrases: Passphrases): Promise<Signer> {
  const name = plain(basename(path));
  const sealed = await givenBy(name, () => readSecretFile(path));
  const passphrase = await passphrases.of(path);
  return createLocalSigner(await givenBy(name, () => openKeyFile(sealed, passphrase)));
}

async function kmsSignerAt(key: string): Promise<Signer> {
  // Loaded only here: the client takes longer to load than most commands to run.
  const [{ KMSClient }, { kmsSigner }] = await Promise.all([
    import('@aws-sdk/client-kms'),
    import('@symbolon/aws/kms/signer'),
  ]);
  const signer = await answered(() => kmsSigner(new KMSClient({}), decodeURIComponent(key)));
  return { ...signer, sign: (data) => answered(() => signer.sign(data)) };
}

/** What a key service says of a failure can hold account numbers; our own codes say enough. */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (isSymbolonError(cause)) throw cause;
    throw new SymbolonError('key-service-failed', { cause });
  }
}
