import { decodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import type { Code } from '@symbolon/protocol/codes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS, WINDOW } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { Algorithm } from '@symbolon/protocol/schemas/jwk';
import { isJsonObject, type JsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { StatusListClaims, StatusListHeader, TOKEN_TYPE } from './claims.ts';
import { inflateList, type StatusList } from './status-list.ts';

/** A token that has the right form. **Nothing is verified**: not who signed it, not which list it is, not its time. */
export interface ParsedStatusListToken {
  readonly kid: string;
  /** As the message says. Compare it with the registered key's: the key decides (`algorithm-mismatch`). */
  readonly alg: Algorithm;
  /** The bytes that `signature` is over. */
  readonly signingInput: Bytes;
  /** Raw, 64 bytes when it is one. */
  readonly signature: Bytes;
  readonly claims: StatusListClaims;
}

/**
 * Reads a Status List Token in compact form (Token Status List, section 5.1): strict base64url, strict JSON, exactly the header
 * `alg`, `typ`, `kid`. The list is not inflated yet.
 *
 * Then: find the key by (region, `kid`, use `status`), compare `alg`, verify the signature over `signingInput`, and only then
 * `checkStatusListToken` and `openStatusListToken`.
 *
 * @throws SymbolonError `status-list-malformed`, `type-unexpected`, `algorithm-none`, `algorithm-mismatch` (an algorithm that no key
 *   can have)
 */
export function parseStatusListToken(text: string): ParsedStatusListToken {
  if (text.length > LIMITS.statusListTokenBytes)
    throw new SymbolonError('status-list-malformed', { bound: LIMITS.statusListTokenBytes });
  const [header, payload, signature, ...rest] = text.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    throw new SymbolonError('status-list-malformed');
  const { alg, kid } = readHeader(readPart('header', () => readObject(header)));
  const claims = check(
    StatusListClaims,
    readPart('payload', () => readObject(payload)),
    'status-list-malformed',
  );
  return {
    kid,
    alg,
    claims,
    signingInput: utf8(`${header}.${payload}`),
    signature: readPart('signature', () => decodeBase64url(signature)),
  };
}

/**
 * Inflates the list of a token, up to `LIMITS.statusListEntries` entries. Verify the signature first: this is the costly part.
 *
 * @throws SymbolonError `status-list-malformed`
 */
export async function openStatusListToken(parsed: ParsedStatusListToken): Promise<StatusList> {
  const { bits, lst } = parsed.claims.status_list;
  return await inflateList(
    bits,
    readPart('lst', () => decodeBase64url(lst)),
  );
}

export interface ListExpectation {
  /** The `uri` in the credential's status entry. */
  readonly uri: string;
  readonly now: Instant;
}

/**
 * Whether a token is the list that a credential names, and may be read at `now` (section 8.3). How old it may be is the verifier's
 * policy, on `claims.iat`; `claims.ttl` says when to look for a newer one, and does not end the list.
 *
 * @returns undefined when it may be read; `status-list-malformed` for another list's token (REQ-STA-006), `clock` when it was issued
 *   more than `WINDOW.aheadSeconds` from now (REQ-TIM-005), `status-list-expired` from `exp` on (REQ-STA-005)
 */
export function checkStatusListToken(
  { claims }: ParsedStatusListToken,
  { uri, now }: ListExpectation,
): Code | undefined {
  if (claims.sub !== uri) return 'status-list-malformed';
  if (claims.iat > now + WINDOW.aheadSeconds) return 'clock';
  if (claims.exp <= now) return 'status-list-expired';
  return undefined;
}

function readHeader(header: JsonObject): { alg: Algorithm; kid: string } {
  // REQ-DEC-020: a token of another kind is told apart by its exact type, before anything else in it counts.
  if (header['typ'] !== TOKEN_TYPE) throw new SymbolonError('type-unexpected');
  // REQ-KEY-007, REQ-KEY-008: also in another spelling.
  const alg = header['alg'];
  if (typeof alg !== 'string') throw new SymbolonError('status-list-malformed', { path: 'header.alg' });
  if (alg.toLowerCase() === 'none') throw new SymbolonError('algorithm-none');
  if (!z.safeParse(Algorithm, alg).success) throw new SymbolonError('algorithm-mismatch');
  return check(StatusListHeader, header, 'status-list-malformed');
}

function readObject(part: string): JsonObject {
  const value = parseStrictJson(fromUtf8(decodeBase64url(part)));
  if (!isJsonObject(value)) throw new SymbolonError('status-list-malformed');
  return value;
}

/** What is wrong inside a part is told as a fault of the list, so that nobody takes it for one of the presentation. */
function readPart<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new SymbolonError('status-list-malformed', { path, cause });
  }
}
