import * as z from 'zod/mini';
import { LIMITS } from '../limits.ts';
import { Name, RegionId } from './common.ts';

/** What a verifier accepts (protocol, section 8, acceptance). Strict: a misspelt `requireNonce` must not be passed over in silence. */
export const Policy = z.strictObject({
  /** The region whose recognition the verifier follows. */
  region: RegionId,
  purpose: Name,
  /** Schemes asked for. */
  schemes: z.array(Name).check(z.minLength(1), z.maxLength(LIMITS.shownTogether)),
  /** CEL over the statuses shown: `health.level == "green"`. Levels are the region's own, after recognition. */
  accept: z.string().check(z.minLength(1), z.maxLength(LIMITS.celExpressionChars)),
  onContested: z._default(z.enum(['accepted', 'referred', 'refused']), 'referred'),
  onBearer: z._default(z.enum(['accepted', 'referred', 'refused']), 'referred'),
  /** What becomes of statuses shown together that belong to different keys: `refused` when left out. */
  onSeveralHolders: z.optional(z.enum(['accepted', 'referred', 'refused'])),
  requireNonce: z._default(z.boolean(), false),
  /** Venue mode: what the venue's code asked for. Both or neither. */
  venue: z.optional(
    z.strictObject({
      audience: z.string().check(z.maxLength(256)),
      nonce: z.string().check(z.maxLength(128)),
    }),
  ),
});
export type Policy = z.output<typeof Policy>;
