import * as z from 'zod/mini';

/**
 * `POST /verdicts`: what was shown, and what is asked. A policy has a reader of its own, and so has the code of a venue. What was shown is not looked at here: whatever is
 * wrong with it is a verdict.
 */
export const VerdictRequest = z
  .strictObject({
    presentation: z.union([z.string(), z.array(z.string())]),
    policy: z.optional(z.unknown()),
    venue: z.optional(z.string()),
  })
  .check(
    z.refine(({ policy, venue }) => (policy === undefined) !== (venue === undefined), { path: ['policy'] }),
  );
