import { decodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { isJsonObject, type JsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';

/** A JWS in compact form whose payload is a JSON object. Nothing in it is verified. */
export interface CompactJws {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  readonly signingInput: Bytes;
  readonly signature: Bytes;
}

/**
 * Reads a compact JWS (RFC 7515, section 7.1): canonical base64url, UTF-8 and strict JSON in every part.
 *
 * @throws SymbolonError `algorithm-none`, `jwt-malformed`, `base64url-malformed`, `utf8-malformed`, `json-*`
 */
export function parseCompactJws(token: string): CompactJws {
  const [header, payload, signature, ...more] = token.split('.', 4);
  if (!header || !payload || signature === undefined || more.length > 0) {
    throw new SymbolonError('jwt-malformed');
  }
  const head = decodeObject(header);
  // REQ-KEY-007: said by name, before the missing signature is noticed.
  if (typeof head['alg'] === 'string' && head['alg'].toLowerCase() === 'none') {
    throw new SymbolonError('algorithm-none');
  }
  if (signature === '') throw new SymbolonError('jwt-malformed');
  return {
    header: head,
    payload: decodeObject(payload),
    signingInput: utf8(token.slice(0, header.length + 1 + payload.length)),
    signature: decodeBase64url(signature),
  };
}

function decodeObject(part: string): JsonObject {
  const value = parseStrictJson(fromUtf8(decodeBase64url(part)));
  if (!isJsonObject(value)) throw new SymbolonError('jwt-malformed');
  return value;
}
