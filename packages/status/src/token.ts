import { decodeBase64url } from '@symbolon/protocol/base64url';
import type { Code } from '@symbolon/protocol/codes';
import type { Instant } from '@symbolon/protocol/instant';
import { WINDOW } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { StatusListClaims, TOKEN_TYPE } from './claims.ts';
import { readObject, readPart, readSignedList, type SignedList } from './signed-list.ts';
import { inflateList, type StatusList } from './status-list.ts';

/** A token that has the right form. **Nothing is verified**: not who signed it, not which list it is, not its time. */
export interface ParsedStatusListToken extends Omit<SignedList, 'payload'> {
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
  const { payload, ...rest } = readSignedList(text, TOKEN_TYPE);
  const claims = check(
    StatusListClaims,
    readPart('payload', () => readObject(payload)),
    'status-list-malformed',
  );
  return { ...rest, claims };
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
