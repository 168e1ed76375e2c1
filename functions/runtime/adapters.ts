import { readFile } from 'node:fs/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { kmsBlindIndexer } from '@symbolon/aws/kms/blind-indexer';
import { kmsSealer } from '@symbolon/aws/kms/sealer';
import { kmsSigner } from '@symbolon/aws/kms/signer';
import { s3Objects } from '@symbolon/aws/s3/objects';
import type { BlindIndexer, Sealer } from '@symbolon/issuer/ports';
import type { Signer } from '@symbolon/keys/signer';
import { fileObjects } from '@symbolon/local/files/objects';
import { fileBlindIndexer, fileSealer, fileSigner } from '@symbolon/local/files/secrets';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { ObjectStore } from '@symbolon/registry/object-store';

/** Adapters by URI (protocol, section 11). The same bundle runs on Lambda and on one machine; only the URIs differ. */

export function dynamoDb(): DynamoDBClient {
  return new DynamoDBClient({});
}

export async function signersAt(
  uris: readonly string[],
  passphraseUri: string | undefined,
): Promise<Signer[]> {
  const passphrase =
    passphraseUri === undefined ? undefined : (await readFile(new URL(passphraseUri), 'utf8')).trim();
  return Promise.all(uris.map((uri) => signerAt(new URL(uri), passphrase)));
}

async function signerAt(uri: URL, passphrase: string | undefined): Promise<Signer> {
  if (uri.protocol === 'awskms:') return kmsSigner(new KMSClient({}), kmsKeyId(uri));
  if (passphrase === undefined)
    throw new SymbolonError('configuration-malformed', { path: 'PASSPHRASE_URI' });
  return fileSigner(uri, passphrase);
}

export async function blindIndexerAt(uri: string): Promise<BlindIndexer> {
  const url = new URL(uri);
  return url.protocol === 'awskms:'
    ? kmsBlindIndexer(new KMSClient({}), kmsKeyId(url))
    : fileBlindIndexer(url);
}

export async function sealerAt(uri: string): Promise<Sealer> {
  const url = new URL(uri);
  return url.protocol === 'awskms:' ? kmsSealer(new KMSClient({}), kmsKeyId(url)) : fileSealer(url);
}

export function objectsAt(uri: string): ObjectStore {
  const url = new URL(uri);
  return url.protocol === 's3:'
    ? s3Objects(new S3Client({}), url.hostname, url.pathname.replace(/^\/|\/$/g, ''))
    : fileObjects(url);
}

/** `awskms:///KEY`: a key id, an alias (`alias/name`) or an ARN. */
function kmsKeyId(uri: URL): string {
  return decodeURIComponent(uri.pathname.slice(1));
}
