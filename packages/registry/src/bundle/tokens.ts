import { decodeBase64, decodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, fromHex } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { OP } from './form.ts';

/** A stretch of text that says bytes. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly operation: typeof OP.hex | typeof OP.base64 | typeof OP.base64url;
  readonly bytes: Bytes;
}

/** A SHA-256, a signature, an Ed25519 key. */
const HEX = '(?<hex>(?:[0-9a-f]{2}){32,})';
/** The base64 of a SubjectPublicKeyInfo of P-256 (RFC 5480) up to its point, and the point, with the line end as it stands in JSON. */
const POINT =
  '(?<spki>MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE)(?<head>[A-Za-z0-9+/]{28})\\\\n(?<tail>[A-Za-z0-9+/]{58}==)';
/** A kid, a coordinate of a JWK, a part of a compact JWS. */
const URL_SAFE = '(?<url>(?<="kid": ")[A-Za-z0-9_-]{11}(?=")|(?<=^|[".])[A-Za-z0-9_-]{43,})';
const TOKEN = new RegExp(`${HEX}|${POINT}|${URL_SAFE}`, 'g');

/**
 * Where one file says bytes. What only looks like it comes back the same all the same, so this decides on sizes only.
 *
 * @param text has one character for each byte of the file
 */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].flatMap(({ index, groups = {} }): Token[] => {
    const { hex, spki, head, tail, url } = groups;
    if (hex !== undefined) return tokenAt(index, hex, OP.hex, fromHex);
    if (url !== undefined) return tokenAt(index, url, OP.base64url, decodeBase64url);
    if (spki === undefined || head === undefined || tail === undefined) return [];
    const first = index + spki.length;
    const second = first + head.length + '\\n'.length;
    return [
      ...tokenAt(first, head, OP.base64, decodeBase64),
      ...tokenAt(second, tail, OP.base64, decodeBase64),
    ];
  });
}

function tokenAt(
  start: number,
  text: string,
  operation: Token['operation'],
  decode: (text: string) => Bytes,
): Token[] {
  try {
    return [{ start, end: start + text.length, operation, bytes: decode(text) }];
  } catch (error) {
    if (isSymbolonError(error)) return [];
    throw error;
  }
}
