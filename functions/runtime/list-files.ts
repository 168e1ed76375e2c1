import type { ListPublisher } from '@symbolon/issuer/ports';
import { equalBytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import type { ObjectStore } from '@symbolon/registry/object-store';
import * as z from 'zod/mini';

/** Names the lists of a region that are current. Not signed: leaving one out makes its status unknown, never valid. */
export const LIST_INDEX = 'index.json';
export const ListIndex = z.object({
  lists: z.array(z.string().check(z.regex(/^[0-9]{1,10}(-[0-9])?$/))).check(z.maxLength(LIMITS.regionLists)),
});

/** Status lists as static files `lists/<id>` of the region. */
export function listFiles(objects: ObjectStore): ListPublisher {
  const write = async (name: string, text: string) => {
    const path = `lists/${name}`;
    const bytes = utf8(text);
    const previous = await objects.read(path);
    if (previous === undefined) await objects.create(path, bytes);
    else if (!equalBytes(previous, bytes)) await objects.replace(path, bytes, previous);
  };
  return {
    read: async (id) => {
      const bytes = await objects.read(`lists/${id}`);
      return bytes === undefined ? undefined : fromUtf8(bytes);
    },
    publish: write,
    announce: (ids) => write(LIST_INDEX, JSON.stringify({ lists: ids })),
  };
}
