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
  checkDeclared(event, accepts);
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

/**
 * The body of a request as text; empty when there is none. Text of a media type that the gateway does not know as such comes in base64.
 *
 * @throws SymbolonError `content-type-unsupported`, `request-too-large`, `utf8-malformed`
 */
export function textOf(
  event: APIGatewayProxyEventV2,
  { maxBytes = LIMITS.requestBytes, accepts }: BodyBounds,
): string {
  checkDeclared(event, accepts);
  const { body = '', isBase64Encoded } = event;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBytes) throw new SymbolonError('request-too-large', { bound: maxBytes });
  return fromUtf8(bytes);
}

/** REQ-ISS-025 */
function checkDeclared(event: APIGatewayProxyEventV2, accepts: BodyBounds['accepts']): void {
  const declared = event.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (accepts !== undefined && declared !== accepts) throw new SymbolonError('content-type-unsupported');
}

/** The token of `Authorization: Bearer`. */
export function bearerOf(event: APIGatewayProxyEventV2): string | undefined {
  const value = event.headers['authorization'];
  if (value === undefined || value.length > LONGEST_TOKEN) return undefined;
  return /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(value)?.[1];
}
