import { DeleteObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { s3Objects } from './objects.ts';

/**
 * Objects that come and go, unlike what is published: they can be listed and deleted.
 *
 * Contract: that of `ObjectStore`, and `list` sees every finished `create` and `remove`.
 */
export interface Vault extends Pick<ObjectStore, 'read' | 'create'> {
  /** The names of the objects in a folder, complete. */
  list(folder: string): Promise<readonly string[]>;
  /** Removes an object, if it is there. */
  remove(path: string): Promise<void>;
}

export function s3Vault(client: S3Client, bucket: string, prefix: string): Vault {
  const { read, create } = s3Objects(client, bucket, prefix);
  const keyOf = (path: string) => (prefix === '' ? path : `${prefix}/${path}`);
  return {
    read,
    create,
    list: async (folder) => {
      const start = keyOf(`${folder}/`);
      const names: string[] = [];
      let from: string | undefined;
      do {
        const page = await answered(
          client.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: start,
              ...(from === undefined ? {} : { ContinuationToken: from }),
            }),
          ),
        );
        names.push(...(page.Contents ?? []).flatMap(({ Key: key }) => (key === undefined ? [] : [key])));
        from = page.NextContinuationToken;
      } while (from !== undefined);
      return names.map((key) => key.slice(start.length));
    },
    remove: async (path) => {
      await answered(client.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(path) })));
    },
  };
}

async function answered<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (cause) {
    throw new SymbolonError('storage-failed', { cause });
  }
}
