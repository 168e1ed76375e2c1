import { s3Client } from '@symbolon/aws/clients';
import { readNewerObject } from '@symbolon/aws/s3/newer-object';
import { sha256Hex } from '@symbolon/keys/digest';
import { type Bytes, concatBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { objectsAt } from '../runtime/adapters.ts';
import { BUNDLE } from '../runtime/registry-files.ts';

/** A look is waited for by the request that begins it, so a source that is silent must be given up while someone stands at the gate. */
export interface Patience {
  /** Without a byte from the source. */
  readonly silenceMilliseconds: number;
  /** For all of the file, as long as it goes on coming. */
  readonly wholeMilliseconds: number;
}

const PATIENCE: Patience = { silenceMilliseconds: 2000, wholeMilliseconds: 10_000 };

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
export function bundleAt(uri: string, patience: Patience = PATIENCE): FindBundle {
  const url = new URL(uri);
  if (url.protocol === 's3:') {
    const folder = url.pathname.replace(/^\/|\/$/g, '');
    const place = { bucket: url.hostname, key: folder === '' ? BUNDLE : `${folder}/${BUNDLE}` };
    const client = s3Client(withBuckets(patience));
    return async (etag) =>
      (await readNewerObject(client, { ...place, maxBytes: LIMITS.bundleBytes }, etag)) ?? missing();
  }
  if (url.protocol !== 'file:')
    return (etag) => overHttp(`${uri.replace(/\/$/, '')}/${BUNDLE}`, etag, patience);
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

/** Both attempts together are as patient as one request over HTTP. */
function withBuckets({ silenceMilliseconds, wholeMilliseconds }: Patience) {
  const each = silenceMilliseconds / 2;
  return {
    attempts: 2,
    connectMilliseconds: each,
    answerMilliseconds: each,
    silenceMilliseconds: Math.min(silenceMilliseconds, wholeMilliseconds),
  };
}

async function overHttp(
  url: string,
  etag: string | undefined,
  { silenceMilliseconds, wholeMilliseconds }: Patience,
): Promise<FoundBundle> {
  const late = new AbortController();
  const whole = setTimeout(() => late.abort(), wholeMilliseconds);
  const silence = setTimeout(() => late.abort(), silenceMilliseconds);
  try {
    const response = await fetch(url, {
      // From one look to the next the function sleeps: a connection that is kept is a dead one then.
      headers: { connection: 'close', ...(etag === undefined ? {} : { 'if-none-match': etag }) },
      // A redirect could lead inside a network.
      redirect: 'error',
      signal: late.signal,
    });
    if (response.status === 304) return { bytes: undefined, etag };
    if (response.status === 403 || response.status === 404) missing();
    if (!response.ok || response.body === null) throw new SymbolonError('metadata-unreachable');
    const bytes = await bounded(response.body, () => silence.refresh());
    return { bytes, etag: response.headers.get('etag') ?? undefined };
  } catch (cause) {
    throw isSymbolonError(cause) ? cause : new SymbolonError('metadata-unreachable', { cause });
  } finally {
    clearTimeout(whole);
    clearTimeout(silence);
  }
}

/** REQ-BUN-002: an endless file is cut off, not stored. */
async function bounded(body: AsyncIterable<Uint8Array>, heard: () => void): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of body) {
    heard();
    received += chunk.length;
    if (received > LIMITS.bundleBytes)
      throw new SymbolonError('bundle-too-large', { bound: LIMITS.bundleBytes });
    chunks.push(chunk);
  }
  return concatBytes(...chunks);
}
