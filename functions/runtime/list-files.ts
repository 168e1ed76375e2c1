import type { ListPublisher } from '@symbolon/issuer/ports';
import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { LIST_INDEX, writeListIndex } from '@symbolon/status/list-index';
import { writeOver } from './write-over.ts';

/** Status lists as static files `lists/<id>` of the region. */
export function listFiles(objects: ObjectStore): ListPublisher {
  const write = async (name: string, text: string) => {
    const path = `lists/${name}`;
    await writeOver(objects, path, utf8(text), await objects.read(path));
  };
  return {
    read: async (id) => {
      const bytes = await objects.read(`lists/${id}`);
      return bytes === undefined ? undefined : fromUtf8(bytes);
    },
    publish: write,
    announce: (ids) => write(LIST_INDEX, writeListIndex(ids)),
  };
}
