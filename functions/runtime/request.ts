import { fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { type Json, parseStrictJson } from '@symbolon/protocol/strict-json';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

const LONGEST_TOKEN = 8192;

/** What a route takes as a body. */
export interface BodyBounds {
  /** `requestBytes` when left out. */
  readonly maxBytes?: number;
  /** The media type that a body must be declared as; any, when left out. */
  readonly accepts?: 'application/json';
}

/**
 * The body of a request as strict JSON; null when there is none.
 *
 * @throws SymbolonError `content-type-unsupported`, `request-too-large`, `request-malformed`, `utf8-malformed`, `json-...`
 */
export function bodyOf(
  event: APIGatewayProxyEventV2,
  { maxBytes = LIMITS.requestBytes, accepts }: BodyBounds,
): Json {
  // REQ-ISS-025
  const declared = event.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (accepts !== undefined && declared !== accepts) throw new SymbolonError('content-type-unsupported');
  if (event.body === undefined || event.body === '') return null;
  if (Buffer.byteLength(event.body) > maxBytes)
    throw new SymbolonError('request-too-large', { bound: maxBytes });
  if (event.isBase64Encoded) {
    // REQ-DEC-012: what is no text at all comes so, whatever it is declared as.
    fromUtf8(Buffer.from(event.body, 'base64'));
    throw new SymbolonError('request-malformed');
  }
  return parseStrictJson(event.body);
}

/** The token of `Authorization: Bearer`. */
export function bearerOf(event: APIGatewayProxyEventV2): string | undefined {
  const value = event.headers['authorization'];
  if (value === undefined || value.length > LONGEST_TOKEN) return undefined;
  return /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(value)?.[1];
}
