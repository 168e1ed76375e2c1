import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { equalBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { contentTypeOf } from './content-type.ts';

/** How often a write is sent that another one to the same key, not done yet, kept out. */
const ATTEMPTS = 4;

/**
 * The object port on a bucket. Creation is `If-None-Match: *`, replacement is `If-Match` on the version whose content was compared: S3 itself decides
 * which of two writers wins.
 */
export function s3Objects(client: S3Client, bucket: string, prefix: string): ObjectStore {
  const keyOf = (path: string) => (prefix === '' ? path : `${prefix}/${path}`);

  const get = async (path: string) => {
    try {
      const { Body: body, ETag: etag } = await client.send(
        new GetObjectCommand({ Bucket: bucket, Key: keyOf(path) }),
      );
      if (body === undefined || etag === undefined) throw new SymbolonError('storage-failed');
      return { bytes: new Uint8Array(await body.transformToByteArray()), etag };
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error instanceof SymbolonError ? error : new SymbolonError('storage-failed', { cause: error });
    }
  };

  const put = async (
    path: string,
    bytes: Uint8Array,
    condition: { IfNoneMatch: '*' } | { IfMatch: string },
  ) => {
    const content = { Body: bytes, ContentType: contentTypeOf(path) };
    const input = { Bucket: bucket, Key: keyOf(path), ...content, ...condition };
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        await client.send(new PutObjectCommand(input));
        return true;
      } catch (error) {
        // 412: the condition did not hold. 409: another conditional write to the same key is under way, and which of the two wins is not known yet.
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        if (status === 412) return false;
        if (status !== 409) throw new SymbolonError('storage-failed', { cause: error });
      }
    }
    throw new SymbolonError('publication-conflict');
  };

  return {
    read: async (path) => (await get(path))?.bytes,
    create: async (path, bytes) => {
      if (!(await put(path, bytes, { IfNoneMatch: '*' }))) throw new SymbolonError('object-exists');
    },
    replace: async (path, bytes, previous) => {
      const current = await get(path);
      const unchanged = current !== undefined && equalBytes(current.bytes, previous);
      if (!unchanged || !(await put(path, bytes, { IfMatch: current.etag })))
        throw new SymbolonError('publication-conflict');
    },
  };
}
