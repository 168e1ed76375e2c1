import { LIMITS } from '@symbolon/protocol/limits';
import { HttpsUrl, Kid, NumericDate } from '@symbolon/protocol/schemas/common';
import { Algorithm } from '@symbolon/protocol/schemas/jwk';
import * as z from 'zod/mini';

/** `typ` of a Status List Token (Token Status List, section 5.1). */
export const TOKEN_TYPE = 'statuslist+jwt';

/** `typ` of the same in the compact form of this protocol. */
export const COMPACT_TYPE = 'symbolon-compact-status+jwt';

/** Exactly these: a header that asks for more (`crit`, `jwk`, `x5c`) is refused. Which `typ` it is, is looked at before. */
export const StatusListHeader = z.strictObject({
  alg: Algorithm,
  typ: z.union([z.literal(TOKEN_TYPE), z.literal(COMPACT_TYPE)]),
  kid: Kid,
});
export type StatusListHeader = z.output<typeof StatusListHeader>;

/** Claims of a Status List Token (section 5.1). `exp` and `ttl`, which the standard recommends, are required here. */
export const StatusListClaims = z
  .object({
    sub: HttpsUrl,
    iat: NumericDate,
    exp: NumericDate,
    ttl: z.int().check(z.gte(1)),
    status_list: z.object({
      bits: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)]),
      lst: z.string().check(z.minLength(1)),
    }),
  })
  .check(z.refine((claims) => claims.iat < claims.exp));
export type StatusListClaims = z.output<typeof StatusListClaims>;

/** Claims of a compact list: those of the token of the same entries, and how many entries there are. */
export const CompactClaims = z
  .strictObject({
    sub: HttpsUrl,
    iat: NumericDate,
    exp: NumericDate,
    ttl: z.int().check(z.gte(1)),
    entries: z.int().check(z.gte(1), z.lte(LIMITS.statusListEntries)),
  })
  .check(z.refine((claims) => claims.iat < claims.exp));
export type CompactClaims = z.output<typeof CompactClaims>;
