import { encodeLeaf } from '@symbolon/log/leaf';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { LIMITS } from '@symbolon/protocol/limits';
import { PublishedItem } from '@symbolon/protocol/schemas/leaf';
import type { PublicationNews } from '@symbolon/registry/history/publications-since';
import * as z from 'zod/mini';

/** For all of a leaf but its items. */
const HEAD_BYTES = 512;
/** As the form of a leaf has it. */
const ITEMS_PER_LEAF = 1024;

/** The leaves of one publication, in the order of their parts: as few as their size allows, and one where it brought nothing. */
export function publicationLeaves(news: PublicationNews): readonly Bytes[] {
  const parts = partsOf(news.items);
  return parts.map((items, i) =>
    encodeLeaf({
      v: 1,
      kind: 'publication',
      version: news.version,
      sha256: news.sha256,
      root: news.root,
      at: news.at,
      first: news.first,
      part: i + 1,
      parts: parts.length,
      items: [...items],
    }),
  );
}

function partsOf(items: readonly PublishedItem[]): readonly (readonly PublishedItem[])[] {
  const parts: PublishedItem[][] = [];
  let part: PublishedItem[] = [];
  let room = LIMITS.leafBytes - HEAD_BYTES;
  for (const item of items) {
    // With the comma after it.
    const bytes = utf8(canonicalJson(z.encode(PublishedItem, item))).length + 1;
    if (bytes > room || part.length === ITEMS_PER_LEAF) {
      parts.push(part);
      part = [];
      room = LIMITS.leafBytes - HEAD_BYTES;
    }
    part.push(item);
    room -= bytes;
  }
  return [...parts, part];
}
