import { dynamoDbClient, kmsClient, type Patience, s3Client } from '@symbolon/aws/clients';
import { kmsBlindIndexer } from '@symbolon/aws/kms/blind-indexer';
import { kmsEpochKeys } from '@symbolon/aws/kms/epoch-keys';
import { kmsSealer } from '@symbolon/aws/kms/sealer';
import { kmsSigner } from '@symbolon/aws/kms/signer';
import { s3Objects } from '@symbolon/aws/s3/objects';
import { s3Vault } from '@symbolon/aws/s3/vault';
import type { BlindIndexer, EpochKeys, EpochUse, Sealer } from '@symbolon/issuer/ports';
import type { Signer } from '@symbolon/keys/signer';
import { fileEpochKeys } from '@symbolon/local/files/epoch-keys';
import { fileObjects } from '@symbolon/local/files/objects';
import { readSecretFile } from '@symbolon/local/files/secret-file';
import { fileBlindIndexer, fileSealer, fileSigner } from '@symbolon/local/files/secrets';
import type { ReadLogFile } from '@symbolon/log/tile-reader';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { httpRepository } from '@symbolon/registry/http-repository';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { epochSigners, type SignersOf } from './epoch-signers.ts';
import type { Log } from './log.ts';
import { REGISTRY_COPY } from './registry-copy.ts';
import type { ReadCopy } from './registry-reader.ts';

/** For one file of a log: whoever waits for a leaf looks again soon. */
const LOG_TIMEOUT_MS = 3000;
/** An entry bundle: 256 entries, each with its length. */
const LONGEST_LOG_FILE = 256 * (LIMITS.leafBytes + 2);

/** Adapters by URI (protocol, section 11). The same bundle runs on Lambda and on one machine; only the URIs differ. */

export function dynamoDb(): ReturnType<typeof dynamoDbClient> {
  return dynamoDbClient();
}

export async function signersAt(
  uris: readonly string[],
  passphraseUri: string | undefined,
): Promise<Signer[]> {
  return Promise.all(uris.map((uri) => signerAt(uri, passphraseUri)));
}

export async function signerAt(uri: string, passphraseUri: string | undefined): Promise<Signer> {
  const url = new URL(uri);
  return url.protocol === 'awskms:'
    ? kmsSigner(kmsClient(), kmsKeyId(url))
    : fileSigner(url, await passphraseAt(passphraseUri));
}

export interface EpochKeySettings {
  readonly REGION: string;
  readonly EPOCH_KEYS_URI: string;
  readonly WRAPPING_KEY_URI?: string | undefined;
  readonly PASSPHRASE_URI?: string | undefined;
}

export interface SignerSettings extends Omit<EpochKeySettings, 'EPOCH_KEYS_URI'> {
  readonly EPOCH_KEYS_URI?: string | undefined;
  readonly SIGNING_KEYS?: readonly string[] | undefined;
}

/** What signs for a region: keys of epochs, and those that the configuration names. */
export async function regionSigners(use: EpochUse, settings: SignerSettings, log: Log): Promise<SignersOf> {
  const { EPOCH_KEYS_URI, SIGNING_KEYS = [], PASSPHRASE_URI } = settings;
  return epochSigners({
    use,
    fixed: await signersAt(SIGNING_KEYS, PASSPHRASE_URI),
    keys: EPOCH_KEYS_URI === undefined ? undefined : await epochKeysAt({ ...settings, EPOCH_KEYS_URI }),
    log,
  });
}

/** Epoch keys in a bucket, wrapped by a KMS key; or in a folder, sealed by a passphrase. */
export async function epochKeysAt(settings: EpochKeySettings): Promise<EpochKeys> {
  const url = new URL(settings.EPOCH_KEYS_URI);
  if (url.protocol !== 's3:') {
    return fileEpochKeys(folderAt(url), await passphraseAt(settings.PASSPHRASE_URI));
  }
  if (settings.WRAPPING_KEY_URI === undefined)
    throw new SymbolonError('configuration-malformed', { path: 'WRAPPING_KEY_URI' });
  return kmsEpochKeys({
    client: kmsClient(),
    wrappingKey: kmsKeyId(new URL(settings.WRAPPING_KEY_URI)),
    region: settings.REGION,
    vault: s3Vault(s3Client(), url.hostname, prefixOf(url)),
  });
}

/** Files that are for their own function only, as what lies beside the folders of epoch keys. */
export function privateObjectsAt(uri: string): ObjectStore {
  const url = new URL(uri);
  return url.protocol === 's3:' ? objectsAt(uri) : fileObjects(folderAt(url), { secret: true });
}

function folderAt(url: URL): URL {
  return new URL(url.href.replace(/\/*$/, '/'));
}

async function passphraseAt(uri: string | undefined): Promise<string> {
  if (uri === undefined) throw new SymbolonError('configuration-malformed', { path: 'PASSPHRASE_URI' });
  return (await readSecretFile(new URL(uri))).trim();
}

export async function blindIndexerAt(uri: string): Promise<BlindIndexer> {
  const url = new URL(uri);
  return url.protocol === 'awskms:' ? kmsBlindIndexer(kmsClient(), kmsKeyId(url)) : fileBlindIndexer(url);
}

export async function sealerAt(uri: string): Promise<Sealer> {
  const url = new URL(uri);
  return url.protocol === 'awskms:' ? kmsSealer(kmsClient(), kmsKeyId(url)) : fileSealer(url);
}

/** @param patience with a bucket that does not answer; as every client has it, when left out */
export function objectsAt(uri: string, patience?: Patience): ObjectStore {
  const url = new URL(uri);
  return url.protocol === 's3:'
    ? s3Objects(s3Client(patience), url.hostname, prefixOf(url))
    : fileObjects(url);
}

/** Reads one file: `s3://bucket/prefix/file` or `file:///folder/file`. */
export function fileAt(uri: string): () => Promise<Bytes | undefined> {
  const url = new URL(uri);
  const name = decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf('/') + 1));
  const objects = objectsAt(new URL('.', url).href);
  return () => objects.read(name);
}

/** Reads the public files of a log, where they lie or from where they are served. */
export function logFilesAt(uri: string): ReadLogFile {
  if (/^https?:/.test(uri)) {
    const repository = httpRepository({ baseUrl: uri.replace(/\/$/, ''), timeoutMs: LOG_TIMEOUT_MS });
    return (path) => repository.fetch(path, LONGEST_LOG_FILE);
  }
  const objects = objectsAt(uri);
  return (path) => objects.read(path);
}

/** Reads a region's own copy of the registry; nothing, when it keeps none. */
export function registryCopyAt(uri: string | undefined): ReadCopy | undefined {
  if (uri === undefined) return undefined;
  const objects = objectsAt(uri);
  return () => objects.read(REGISTRY_COPY);
}

/** `s3://bucket/prefix`, with or without a slash at its end. */
function prefixOf(uri: URL): string {
  return uri.pathname.replace(/^\/|\/$/g, '');
}

/** `awskms:///KEY`: a key id, an alias (`alias/name`) or an ARN. */
function kmsKeyId(uri: URL): string {
  return decodeURIComponent(uri.pathname.slice(1));
}
