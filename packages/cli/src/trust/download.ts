import { concatBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';

const TIMEOUT_MILLISECONDS = 30_000;

export interface DownloadOptions {
  readonly etag?: string | undefined;
  readonly onProgress?: (received: number, total: number | undefined) => void;
}

/**
 * Fetches a static file, at most `maxBytes` of it.
 *
 * @returns no bytes when the server says that nothing changed, or that there is no such file
 * @throws SymbolonError `metadata-unreachable`, `bundle-too-large`
 */
export async function download(
  url: string,
  maxBytes: number,
  { etag, onProgress }: DownloadOptions = {},
): Promise<{ bytes: Uint8Array<ArrayBuffer> | undefined; etag: string | undefined }> {
  const response = await fetch(url, {
    headers: etag === undefined ? {} : { 'if-none-match': etag },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  }).catch(() => {
    throw new SymbolonError('metadata-unreachable');
  });
  if (response.status === 304) return { bytes: undefined, etag };
  if (response.status === 404) throw new SymbolonError('metadata-missing');
  if (!response.ok || response.body === null) throw new SymbolonError('metadata-unreachable');
  const length = Number(response.headers.get('content-length'));
  const chunks: Uint8Array[] = [];
  let received = 0;
  try {
    for await (const chunk of response.body) {
      received += chunk.length;
      if (received > maxBytes) throw new SymbolonError('bundle-too-large', { bound: maxBytes });
      chunks.push(chunk);
      onProgress?.(received, length > 0 ? length : undefined);
    }
  } catch (error) {
    throw error instanceof SymbolonError ? error : new SymbolonError('metadata-unreachable');
  }
  return { bytes: concatBytes(...chunks), etag: response.headers.get('etag') ?? undefined };
}
