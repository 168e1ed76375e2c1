import * as z from 'zod/mini';
import { LIMITS } from '../limits.ts';
import { EndpointUrl, HttpsUrl, InstantText, Kid, Name, RegionId, RuleRefText, Words } from './common.ts';
import { Algorithm, PublicJwk } from './jwk.ts';
import { LogPlace } from './log.ts';

/** What a key may sign. Exactly one use each (protocol, section 3). */
export const KeyUse = z.enum(['credential', 'status', 'log', 'witness', 'operator', 'source', 'venue']);
export type KeyUse = z.output<typeof KeyUse>;

/** `regions/<id>/region.json`, signed by role `<id>`. */
export const Region = z.object({
  region: RegionId,
  names: Words,
  /** `iss` of the region's SD-JWTs. An identifier: a verifier never fetches it. */
  issuer: HttpsUrl,
  /** `issuer` of its JSON-LD credentials, resolved from this file only. */
  did: z.string().check(z.regex(/^did:web:[a-z0-9.-]+(:[a-zA-Z0-9.-]+)*$/), z.maxLength(256)),
  authorities: z.record(
    Name,
    z.object({
      names: Words,
      operators: z.array(z.object({ kid: Kid, alg: Algorithm, jwk: PublicJwk, roles: z.array(Name) })),
    }),
  ),
  /** Who may report facts, each for the fact types that it is registered for. A region without any takes none. */
  sources: z.optional(
    z.record(
      Name,
      z.object({
        names: Words,
        /** Scheme -> fact types. */
        facts: z.record(Name, z.array(z.string().check(z.maxLength(32))).check(z.maxLength(64))),
        keys: z
          .array(z.object({ kid: Kid, alg: Algorithm, jwk: PublicJwk }))
          .check(z.minLength(1), z.maxLength(8)),
      }),
    ),
  ),
  endpoints: z.object({ issuer: EndpointUrl, lists: EndpointUrl }),
  /** Where its decisions are logged. A region without one logs under the nearest region above it that has one. */
  log: z.optional(LogPlace),
});
export type Region = z.output<typeof Region>;

export const RegionKey = z.object({
  kid: Kid,
  use: KeyUse,
  alg: Algorithm,
  jwk: PublicJwk,
  notBefore: InstantText,
  notAfter: InstantText,
  revoked: z.optional(z.object({ since: InstantText, reason: Name })),
});
export type RegionKey = z.output<typeof RegionKey>;

/** `regions/<id>/keys.json`, signed by role `<id>.keys`. A key is looked up as (region, kid, use) only. */
export const RegionKeys = z.object({
  region: RegionId,
  keys: z.array(RegionKey).check(
    z.maxLength(64),
    z.refine((keys) => new Set(keys.map((key) => key.kid)).size === keys.length),
  ),
});
export type RegionKeys = z.output<typeof RegionKeys>;

/**
 * `regions/<id>/places.<scheme>.json`, signed by role `<id>`: facts about places (a daily list of risk areas, say). A rule reads an entry where a fact of
 * the subject names its place.
 */
export const PlaceList = z.object({
  region: RegionId,
  scheme: Name,
  entries: z
    .array(
      z.object({
        /** A fact type of the scheme that is `about: "place"`. */
        type: z.string().check(z.maxLength(32)),
        /** As facts name it: a code, not a sentence. */
        place: z.string().check(z.minLength(1), z.maxLength(64)),
        at: InstantText,
        fields: z.record(z.string(), z.union([z.string().check(z.maxLength(256)), z.boolean(), z.int()])),
      }),
    )
    .check(z.maxLength(LIMITS.placeListEntries)),
});
export type PlaceList = z.output<typeof PlaceList>;

/** Whose credentials a region recognises for a scheme, as what, and on what condition (protocol, section 8). */
export const Recognition = z.object({
  region: RegionId,
  schemes: z.record(
    Name,
    z
      .array(
        z.object({
          from: z.union([
            z.strictObject({ region: RegionId }),
            z.strictObject({ group: Name }),
            z.strictObject({ all: z.literal(true) }),
          ]),
          /** Their level -> our level. What is not listed is not recognised. */
          levels: z.record(Name, Name),
          condition: z.optional(
            z.object({
              rules: z.optional(z.array(RuleRefText)),
              authorities: z.optional(z.array(Name)),
              evidence: z.optional(z.array(Name)),
              longestAgeHours: z.optional(z.int().check(z.gte(1))),
            }),
          ),
        }),
      )
      .check(z.maxLength(64)),
  ),
});
export type Recognition = z.output<typeof Recognition>;
