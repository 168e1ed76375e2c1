import * as z from 'zod/mini';
import { LIMITS } from '../limits.ts';
import { Name, RegionId, Words } from './common.ts';

const hours = z.int().check(z.gte(1), z.lte(24 * 366));

/** `federation.json`, signed by the top-level targets role (protocol, section 4). */
export const Federation = z.object({
  names: Words,
  /** Named groups of regions that a recognition can name: `yangtze-delta`. */
  groups: z.record(Name, z.array(RegionId)),
  /** How a verifier grades the age of its registry since `signedAt`. */
  freshness: z
    .object({ warnAfterHours: hours, referAfterHours: hours, blockAfterHours: hours })
    .check(z.refine((f) => f.warnAfterHours < f.referAfterHours && f.referAfterHours < f.blockAfterHours)),
  /** A class of credentials smaller than this is coarsened before it is issued. */
  smallestClass: z.int().check(z.gte(1), z.lte(1_000_000)),
});
export type Federation = z.output<typeof Federation>;

/** `dictionary.json`, signed by targets: the names that QR texts number. Append-only: an index never changes its name. */
export const Dictionary = z.object({
  version: z.int().check(z.gte(1)),
  names: z
    .array(z.string().check(z.minLength(1), z.maxLength(512)))
    .check(z.maxLength(LIMITS.dictionaryNames)),
});
export type Dictionary = z.output<typeof Dictionary>;
