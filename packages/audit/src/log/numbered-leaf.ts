import { Leaf } from '@symbolon/protocol/schemas/leaf';
import * as z from 'zod/mini';

export const NumberedLeaf = z.object({ index: z.int(), leaf: Leaf });
/** A leaf that is no decision: there are few of them, and each is kept, up to `OTHERS`. */
export type NumberedLeaf = z.output<typeof NumberedLeaf>;

/** More leaves that are no decisions are not held, nor more bytes of them: a log that has more could fill any memory. */
export const OTHERS = { leaves: 50_000, bytes: 16 * 1024 * 1024 } as const;
