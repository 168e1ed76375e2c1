import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import type { Bytes } from '@symbolon/protocol/bytes';
import { isJsonObject, type Json } from '@symbolon/protocol/strict-json';
import { DETAILS } from '../sd-jwt/details.ts';
import { decodeDisclosure, encodeDisclosure } from '../sd-jwt/disclosure.ts';
import type { Numbering } from './numbering.ts';
import type { PackedDisclosure } from './packing.ts';

/** What a disclosure of the profile consists of: a detail in words, or the digests of `details`. */
type Short =
  | { readonly salt: Bytes; readonly name: string; readonly value: string }
  | { readonly salt: Bytes; readonly digests: readonly Bytes[] };

/** A disclosure in its short form where that gives back exactly the same text, otherwise its bytes. */
export function packDisclosure(text: string, names: Numbering): PackedDisclosure {
  const short = readShort(text);
  if (short === undefined || writeShort(short) !== text) return decodeBase64url(text);
  return 'digests' in short
    ? [short.salt, [...short.digests]]
    : [short.salt, names.pack(short.name), names.pack(short.value)];
}

export function unpackDisclosure(packed: PackedDisclosure, names: Numbering): string {
  if (packed instanceof Uint8Array) return encodeBase64url(packed);
  if (packed.length === 2) return writeShort({ salt: packed[0], digests: packed[1] });
  const [salt, name, value] = packed;
  return writeShort({ salt, name: names.unpack(name), value: names.unpack(value) });
}

function readShort(text: string): Short | undefined {
  try {
    const { salt, name, value } = decodeDisclosure(text);
    const saltBytes = decodeBase64url(salt);
    if (name !== undefined && typeof value === 'string') return { salt: saltBytes, name, value };
    const digests = name === DETAILS ? digestsOf(value) : undefined;
    return digests && { salt: saltBytes, digests };
  } catch {
    return undefined;
  }
}

function writeShort(short: Short): string {
  const salt = encodeBase64url(short.salt);
  return 'digests' in short
    ? encodeDisclosure(salt, DETAILS, { _sd: short.digests.map(encodeBase64url) })
    : encodeDisclosure(salt, short.name, short.value);
}

function digestsOf(value: Json): readonly Bytes[] | undefined {
  const texts = isJsonObject(value) ? value['_sd'] : undefined;
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) return undefined;
  const digests = texts.map(decodeBase64url);
  return digests.every(({ length }) => length === 32) ? digests : undefined;
}
