import * as z from 'zod/mini';
import { LIMITS } from '../limits.ts';
import { Kid, Name, RegionId, Words } from './common.ts';
import { Algorithm, PublicJwk } from './jwk.ts';
import { LogPlace, Witnesses } from './log.ts';

const people = z.int().check(z.gte(1), z.lte(1_000_000_000));
const hours = z.int().check(z.gte(1), z.lte(24 * 366));

/** `federation.json`, signed by the top-level targets role (protocol, section 4). */
export const Federation = z
  .object({
    names: Words,
    /** Named groups of regions that a recognition can name: `yangtze-delta`. */
    groups: z.record(Name, z.array(RegionId)),
    /** How a verifier grades the age of its registry since `signedAt`. */
    freshness: z
      .object({ warnAfterHours: hours, referAfterHours: hours, blockAfterHours: hours })
      .check(z.refine((f) => f.warnAfterHours < f.referAfterHours && f.referAfterHours < f.blockAfterHours)),
    /** A class of credentials smaller than this is coarsened before it is issued. */
    smallestClass: z.int().check(z.gte(1), z.lte(1_000_000)),
    /** How many adverse decisions one rule or one authority of a region may make before they are held (protocol, section 9.5). */
    burst: z.optional(
      z.object({
        perHour: people,
        perDay: people,
        perWeek: people,
        /** So long a manual decision that two have signed waits before it is made: a burst that begins meanwhile holds it. None, when left out. */
        manualDelayMinutes: z.optional(z.int().check(z.gte(0), z.lte(24 * 60))),
      }),
    ),
    /** How many people the facts of one source may turn adverse in an hour before a batch waits for a second operator. */
    intake: z.optional(z.object({ adversePerHour: people })),
    /** How long before it comes into force a rule is published. */
    ruleLeadHours: z.optional(z.int().check(z.gte(0), z.lte(24 * 90))),
    /** Who may release what the burst guard holds in a region that no other region delegates. */
    overseers: z.optional(
      z.array(z.object({ kid: Kid, alg: Algorithm, jwk: PublicJwk })).check(z.maxLength(64)),
    ),
    /** The log of every publication of this registry (protocol, section 4). */
    log: z.optional(LogPlace),
    /** Who watches that log and those of the regions. */
    witnesses: z.optional(Witnesses),
  })
  // REQ-LOG-005: what nobody has seen is never believed.
  .check(z.refine(({ log, witnesses }) => log === undefined || witnesses !== undefined));
export type Federation = z.output<typeof Federation>;

/** `dictionary.json`, signed by targets: the names that QR texts number. Append-only: an index never changes its name. */
export const Dictionary = z.object({
  version: z.int().check(z.gte(1)),
  names: z
    .array(z.string().check(z.minLength(1), z.maxLength(512)))
    .check(z.maxLength(LIMITS.dictionaryNames)),
});
export type Dictionary = z.output<typeof Dictionary>;
