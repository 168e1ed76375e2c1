import * as z from 'zod/mini';
import { isVct } from '../ids.ts';
import { HttpsUrl, Name, NumericDate, Octets32, RegionId, RuleRefText } from './common.ts';
import { PublicJwk } from './jwk.ts';

/** A pointer into a status list (Token Status List, section 6.2). */
export const StatusEntry = z.object({
  idx: z.int().check(z.gte(0), z.lt(2 ** 20)),
  uri: HttpsUrl,
});
export type StatusEntry = z.output<typeof StatusEntry>;

/** Claims of an SD-JWT VC of Symbolon (protocol, section 5), in the order in which they are written. */
export const SdJwtClaims = z.object({
  iss: HttpsUrl,
  vct: z.string().check(z.refine(isVct)),
  level: Name,
  rule: RuleRefText,
  authority: Name,
  assurance: Name,
  at: z.optional(NumericDate),
  iat: NumericDate,
  exp: NumericDate,
  status: z.optional(z.object({ status_list: StatusEntry })),
  cnf: z.optional(z.object({ jwk: PublicJwk })),
  bearer: z.optional(z.literal(true)),
  contested: z.optional(z.literal(true)),
  via: z.optional(RegionId),
  _sd: z.array(Octets32).check(z.minLength(1), z.maxLength(1)),
  _sd_alg: z.literal('sha-256'),
});
export type SdJwtClaims = z.output<typeof SdJwtClaims>;

/** Claims of a key-binding JWT (RFC 9901, section 4.3). */
export const KeyBindingClaims = z.object({
  iat: NumericDate,
  aud: z.string().check(z.maxLength(256)),
  nonce: z.string().check(z.minLength(1), z.maxLength(128)),
  sd_hash: Octets32,
});
export type KeyBindingClaims = z.output<typeof KeyBindingClaims>;
