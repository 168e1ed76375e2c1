import { sha256, sha256Base64url } from '@symbolon/keys/digest';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { RandomBytes } from '@symbolon/protocol/random';
import { type Json, parseStrictJson } from '@symbolon/protocol/strict-json';

/** RFC 9901, section 9.3: 128 bits. */
const SALT_BYTES = 16;

/** A disclosure (RFC 9901, section 4.2): of an object property, or of an array element, which has no name. */
export interface Disclosure {
  readonly salt: string;
  readonly name: string | undefined;
  readonly value: Json;
}

/** The digest that stands for a disclosure: SHA-256 over its text, base64url (RFC 9901, section 4.2.3). */
export function digestOf(disclosure: string): string {
  return sha256Base64url(disclosure);
}

/** The text of a disclosure of an object property, as Symbolon writes it: JSON without white space. */
export function encodeDisclosure(salt: string, name: string, value: Json): string {
  return encodeBase64url(utf8(JSON.stringify([salt, name, value])));
}

export function freshSalt(random: RandomBytes): string {
  return encodeBase64url(random(SALT_BYTES));
}

/** A digest that stands for nothing (RFC 9901, section 4.2.5). Without the disclosure, nobody can tell it from a real one. */
export function decoyDigest(random: RandomBytes): string {
  return encodeBase64url(sha256(random(32)));
}

/** @throws SymbolonError `disclosure-malformed`, `base64url-malformed`, `utf8-malformed`, `json-*` */
export function decodeDisclosure(text: string): Disclosure {
  const value = parseStrictJson(fromUtf8(decodeBase64url(text)));
  if (!Array.isArray(value)) throw new SymbolonError('disclosure-malformed');
  const [salt, second, third] = value;
  if (typeof salt !== 'string') throw new SymbolonError('disclosure-malformed');
  if (value.length === 2) return { salt, name: undefined, value: second };
  if (value.length === 3 && typeof second === 'string') return { salt, name: second, value: third };
  throw new SymbolonError('disclosure-malformed');
}
