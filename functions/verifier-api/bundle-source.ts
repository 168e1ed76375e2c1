import { S3Client } from '@aws-sdk/client-s3';
import { readNewerObject } from '@symbolon/aws/s3/newer-object';
import { sha256Hex } from '@symbolon/keys/digest';
import { type Bytes, concatBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { objectsAt } from '../runtime/adapters.ts';
import { BUNDLE } from '../runtime/registry-files.ts';

/** A source that does not answer holds up one request in each interval, for so long. */
const TIMEOUT_MILLISECONDS = 10_000;

export interface FoundBundle {
  /** No bytes: it is the one that was asked about. */
  readonly bytes: Bytes | undefined;
  /** Names this very file, for the next time. */
  readonly etag: string | undefined;
}

/**
 * Port: where the trust bundle lies. Nothing of it is believed for where it comes from.
 *
 * @param etag of the bundle at hand: it is not sent again
 * @throws SymbolonError `metadata-missing`, `metadata-unreachable`, `storage-failed`, `bundle-too-large`
 */
export type FindBundle = (etag: string | undefined) => Promise<FoundBundle>;

/** A bucket, a folder, or the base of a registry's static files. */
export function bundleAt(uri: string): FindBundle {
  const url = new URL(uri);
  if (url.protocol === 's3:') {
    const folder = url.pathname.replace(/^\/|\/$/g, '');
    const place = { bucket: url.hostname, key: folder === '' ? BUNDLE : `${folder}/${BUNDLE}` };
    const client = new S3Client({});
    return async (etag) =>
      (await readNewerObject(client, { ...place, maxBytes: LIMITS.bundleBytes }, etag)) ?? missing();
  }
  if (url.protocol !== 'file:') return (etag) => overHttp(`${uri.replace(/\/$/, '')}/${BUNDLE}`, etag);
  const objects = objectsAt(uri);
  return async (etag) => {
    const bytes = (await objects.read(BUNDLE)) ?? missing();
    const digest = sha256Hex(bytes);
    return { bytes: digest === etag ? undefined : bytes, etag: digest };
  };
}

function missing(): never {
  throw new SymbolonError('metadata-missing', { path: BUNDLE });
}

async function overHttp(url: string, etag: string | undefined): Promise<FoundBundle> {
  try {
    const response = await fetch(url, {
      headers: etag === undefined ? {} : { 'if-none-match': etag },
      // A redirect could lead inside a network.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    if (response.status === 304) return { bytes: undefined, etag };
    if (response.status === 403 || response.status === 404) missing();
    if (!response.ok || response.body === null) throw new SymbolonError('metadata-unreachable');
    return { bytes: await bounded(response.body), etag: response.headers.get('etag') ?? undefined };
  } catch (cause) {
    throw isSymbolonError(cause) ? cause : new SymbolonError('metadata-unreachable', { cause });
  }
}

/** REQ-BUN-002: an endless file is cut off, not stored. */
async function bounded(body: AsyncIterable<Uint8Array>): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of body) {
    received += chunk.length;
    if (received > LIMITS.bundleBytes)
      throw new SymbolonError('bundle-too-large', { bound: LIMITS.bundleBytes });
    chunks.push(chunk);
  }
  return concatBytes(...chunks);
}
