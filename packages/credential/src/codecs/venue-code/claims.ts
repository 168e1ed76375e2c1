import { HOUR_SECONDS, isOnTheHour } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { HttpsUrl, Kid, Name, NumericDate, Words } from '@symbolon/protocol/schemas/common';
import { Algorithm } from '@symbolon/protocol/schemas/jwk';
import * as z from 'zod/mini';

/** `typ` of a venue code: no other token of the protocol has it (RFC 8725, section 3.11). */
export const VENUE_TYPE = 'symbolon-venue+jwt';

/** Exactly these: keys come from the registry, so `jwk`, `jku`, `x5c` and `crit` have no place. */
export const VenueHeader = z.strictObject({ alg: Algorithm, typ: z.literal(VENUE_TYPE), kid: Kid });
export type VenueHeader = z.output<typeof VenueHeader>;

const Treatment = z.enum(['accepted', 'referred', 'refused']);

/** What a region signs for a venue: who asks whom for what, under which policy, until when. */
export const VenueClaims = z
  .strictObject({
    /** The issuer URL of the region that signs. */
    iss: HttpsUrl,
    /** The venue's id within its region. */
    venue: Name,
    title: z.optional(z.strictObject(Words.shape)),
    purpose: Name,
    schemes: z.array(Name).check(z.minLength(1), z.maxLength(LIMITS.shownTogether)),
    /** CEL over the statuses shown, as in a policy. */
    accept: z.string().check(z.minLength(1), z.maxLength(LIMITS.celExpressionChars)),
    onContested: Treatment,
    onBearer: Treatment,
    /** 16 random bytes, in their one canonical spelling. */
    nonce: z.string().check(z.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/)),
    iat: NumericDate,
    exp: NumericDate,
  })
  .check(
    z.refine(({ iat }) => isOnTheHour(iat), { path: ['iat'] }),
    z.refine(({ exp }) => isOnTheHour(exp), { path: ['exp'] }),
    z.refine(({ iat, exp }) => iat < exp && exp - iat <= LIMITS.venueCodeHours * HOUR_SECONDS, {
      path: ['exp'],
    }),
  );
export type VenueClaims = z.output<typeof VenueClaims>;
