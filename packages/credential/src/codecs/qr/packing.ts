import type { Bytes } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import * as z from 'zod/mini';

/**
 * What a QR text carries as CBOR (protocol, section 6). An array, so that nothing is spent on names; the place tells what a
 * thing is. `null` stands for what is not there.
 */

export const RAW = 0;
export const TEMPLATE = 1;

/** COSE algorithm numbers (RFC 9053, section 2). */
export const COSE_ES256 = -7;
export const COSE_EDDSA = -8;

const bytes = (...lengths: readonly number[]) =>
  z.custom<Bytes>((value) => value instanceof Uint8Array && lengths.includes(value.length));
const anyBytes = z.custom<Bytes>((value) => value instanceof Uint8Array);
const count = z.int().check(z.gte(0));
/** Half a character cannot be written in UTF-8: a presentation that has one travels in the raw format. */
const text = z.string().check(z.refine((value) => value.isWellFormed()));
const name = z.union([count, text]);

/** The bytes of its text; or salt, name and text; or, for `details`, salt and the digests inside. */
const Disclosure = z.union([
  anyBytes,
  z.tuple([anyBytes, name, name]),
  z.tuple([anyBytes, z.array(bytes(32)).check(z.maxLength(LIMITS.disclosures))]),
]);
export type PackedDisclosure = z.output<typeof Disclosure>;

/** Index and list id; and what stands before the id, unless that is the issuer's `/lists/`. */
const Status = z.union([z.tuple([count, text]), z.tuple([count, text, name])]);
export type PackedStatus = z.output<typeof Status>;

/** Seconds after `iat` and signature; and audience and nonce, unless they are those of window mode. */
const Binding = z.union([
  z.tuple([z.int(), bytes(64)]),
  z.tuple([z.int(), bytes(64), name, z.union([anyBytes, text])]),
]);
export type PackedBinding = z.output<typeof Binding>;

/** Format 1: a presentation that the profile's fixed form gives back to the byte. */
export const Template = z.tuple([
  z.literal(TEMPLATE),
  /** Names of the dictionary that are needed. */
  count.check(z.lte(LIMITS.dictionaryNames)),
  z.union([z.literal(COSE_ES256), z.literal(COSE_EDDSA)]),
  /** `kid` */
  bytes(8),
  /** `iss`, `vct`, `level`, `rule`, `authority`, `assurance` */
  name,
  name,
  name,
  name,
  name,
  name,
  /** `iat` in hours, `exp` in hours after it, `at` in seconds before it. */
  count,
  z.int(),
  z.nullable(z.int()),
  z.nullable(Status),
  /** Compressed P-256 point or Ed25519 key; `null` for a bearer. */
  z.nullable(bytes(33, 32)),
  /** `contested` */
  z.boolean(),
  /** `via` */
  z.nullable(name),
  /** The digest in `_sd`, and the issuer's signature. */
  bytes(32),
  bytes(64),
  z.array(Disclosure).check(z.maxLength(LIMITS.disclosures)),
  z.nullable(Binding),
]);
export type Template = z.output<typeof Template>;

const Jws = z.tuple([anyBytes, anyBytes, anyBytes]);

/** Format 0: the decoded parts of any other SD-JWT. */
export const Raw = z.tuple([
  z.literal(RAW),
  Jws,
  z.array(anyBytes).check(z.maxLength(LIMITS.disclosures)),
  z.nullable(Jws),
]);
export type Raw = z.output<typeof Raw>;
