import type { LeafSource } from '@symbolon/log/sequencer';
import type { Bytes } from '@symbolon/protocol/bytes';
import { check } from '@symbolon/protocol/schemas/common';
import { publicationsSince } from '@symbolon/registry/history/publications-since';
import type { LoadedRegistry } from '@symbolon/registry/load-registry';
import type { ReadFile } from '@symbolon/registry/source';
import * as z from 'zod/mini';
import { publicationLeaves } from './registry-log-leaves.ts';

/** What is published, verified from the pinned root on. */
export interface PublishedRegistry extends Pick<LoadedRegistry, 'trust' | 'view'> {
  /** Every file that was ever published. */
  readonly read: ReadFile;
}

/** Publications that one round takes. A log that was out for long catches up in several. */
const PER_ROUND = 64;

/** The publication that was logged last. */
const Memory = z.strictObject({
  version: z.int().check(z.gte(1)),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  root: z.int().check(z.gte(1)),
});

/**
 * REQ-LOG-017: the publications of a registry that are not in its log yet, by the chain of snapshots: the oldest first, each as leaves that stand side by side. There is no queue that
 * could lose one: what is published is in the chain.
 *
 * @param current what is published now; asked for after it is known what was logged, so that it is never older than that
 */
export function registryLeaves(current: () => Promise<PublishedRegistry>): LeafSource {
  return {
    /** @throws SymbolonError `log-fork` when the registry does not go on from what was logged; `log-damaged` for a memory that is none; what reading throws */
    pending: async (limit, memory) => {
      const known = memory === null ? undefined : check(Memory, memory, 'log-damaged');
      const { read, trust } = await current();
      const leaves: Bytes[] = [];
      let last = known;
      for (const news of await publicationsSince(read, trust, known, PER_ROUND)) {
        const parts = publicationLeaves(news);
        // A publication is logged whole.
        if (leaves.length > 0 && leaves.length + parts.length > limit) break;
        leaves.push(...parts);
        last = { version: news.version, sha256: news.sha256, root: news.root };
      }
      return {
        leaves: leaves.map((leaf) => ({ leaf, note: null })),
        memory: last === undefined || last === known ? memory : { ...last },
      };
    },
    /** The memory says what is logged. */
    settle: async () => {},
  };
}
