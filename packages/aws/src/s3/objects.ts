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
    try {
      const content = { Body: bytes, ContentType: contentType(path) };
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(path), ...content, ...condition }));
      return true;
    } catch (error) {
      // 412: the condition did not hold. 409: another conditional write to the same key was under way.
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === 412 || status === 409) return false;
      throw new SymbolonError('storage-failed', { cause: error });
    }
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

function contentType(path: string): string {
  return path.endsWith('.json') ? 'application/json' : 'application/octet-stream';
}
