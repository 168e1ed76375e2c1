import { GetObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';

/**
 * Reads an object unless it is the one that was read before (`If-None-Match`): what has not changed is not sent.
 *
 * @param etag of the one before
 * @returns no bytes when it is that one still; undefined when there is no such object
 * @throws SymbolonError `bundle-too-large` before anything of it is read; `storage-failed`
 */
export async function readNewerObject(
  client: S3Client,
  { bucket, key, maxBytes }: { readonly bucket: string; readonly key: string; readonly maxBytes: number },
  etag: string | undefined,
): Promise<{ readonly bytes: Bytes | undefined; readonly etag: string | undefined } | undefined> {
  try {
    const condition = etag === undefined ? {} : { IfNoneMatch: etag };
    const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...condition }));
    if (found.Body === undefined) throw new SymbolonError('storage-failed');
    if ((found.ContentLength ?? 0) > maxBytes)
      throw new SymbolonError('bundle-too-large', { bound: maxBytes });
    return { bytes: new Uint8Array(await found.Body.transformToByteArray()), etag: found.ETag };
  } catch (error) {
    if (error instanceof SymbolonError) throw error;
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 304) return { bytes: undefined, etag };
    if (status === 404) return undefined;
    throw new SymbolonError('storage-failed', { cause: error });
  }
}
