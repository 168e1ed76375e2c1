import { decodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { isJsonObject, type JsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';

/** The tilde-separated parts of an SD-JWT or SD-JWT+KB (RFC 9901, section 4), not yet decoded. */
export interface SdJwtParts {
  readonly jwt: string;
  readonly disclosures: readonly string[];
  /** Everything that `sd_hash` covers: the JWT and the disclosures, each with its tilde. */
  readonly sdJwt: string;
  readonly keyBinding: string | undefined;
}

/** @throws SymbolonError `presentation-too-large`, `presentation-unrecognised` */
export function splitSdJwt(text: string): SdJwtParts {
  if (text.length > LIMITS.presentationBytes) {
    throw new SymbolonError('presentation-too-large', { bound: LIMITS.presentationBytes });
  }
  const [jwt, ...rest] = text.split('~');
  const keyBinding = rest.pop();
  if (jwt === undefined || keyBinding === undefined) throw new SymbolonError('presentation-unrecognised');
  if (rest.length > LIMITS.disclosures) {
    throw new SymbolonError('presentation-too-large', { path: 'disclosures', bound: LIMITS.disclosures });
  }
  return keyBinding === ''
    ? { jwt, disclosures: rest, sdJwt: text, keyBinding: undefined }
    : { jwt, disclosures: rest, sdJwt: text.slice(0, text.length - keyBinding.length), keyBinding };
}

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
