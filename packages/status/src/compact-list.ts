import { type Bytes, concatBytes, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { check } from '@symbolon/protocol/schemas/common';
import { COMPACT_TYPE, CompactClaims } from './claims.ts';
import { packCompact, unpackCompact } from './compact-entries.ts';
import type { StatusListOrder } from './issue.ts';
import { readObject, readPart, readSignedList, type SignedList, signList } from './signed-list.ts';

/** Ends the claims. JSON has no such byte. */
const END = 0;

/** A compact list that has the right form. **Nothing is verified**: not who signed it, not which list it is, not its time. */
export interface ParsedCompactList extends Omit<SignedList, 'payload'> {
  readonly claims: CompactClaims;
  /** The entries as `packCompact` wrote them. */
  readonly packed: Bytes;
}

/**
 * Signs the entries of a list of two bits in the least space: a JWS (RFC 7515) with the `typ` `symbolon-compact-status+jwt`, whose payload is the claims as JSON,
 * a zero byte, and the entries of `packCompact`. So the entries are in base64url once, where a Status List Token has them in it twice.
 *
 * `sub` is the list's own uri, as in the token of the same entries. No verifier reads this form yet.
 *
 * @throws SymbolonError `status-list-malformed` as `issueStatusListToken`
 */
export async function issueCompactList(order: Omit<StatusListOrder, 'bits'>): Promise<string> {
  const claims = check(
    CompactClaims,
    {
      sub: order.uri,
      iat: order.issuedAt,
      exp: order.expiresAt,
      ttl: order.ttlSeconds,
      entries: order.entries.length,
    },
    'status-list-malformed',
  );
  const packed = packCompact(order.entries);
  const payload = concatBytes(utf8(JSON.stringify(claims)), Uint8Array.of(END), packed);
  return signList(COMPACT_TYPE, payload, order.signer);
}

/**
 * Reads a compact list: strict base64url, strict JSON, exactly the claims and the header that are written. The entries are not unpacked yet. Then, as for a
 * token: find the key by (region, `kid`, use `status`), compare `alg`, verify the signature, compare `sub` and the times, and only then `openCompactList`.
 *
 * @throws SymbolonError `status-list-malformed`, `type-unexpected`, `algorithm-none`, `algorithm-mismatch`
 */
export function parseCompactList(text: string): ParsedCompactList {
  const { payload, ...rest } = readSignedList(text, COMPACT_TYPE);
  const end = payload.indexOf(END);
  if (end < 0) throw new SymbolonError('status-list-malformed', { path: 'payload' });
  const claims = check(
    CompactClaims,
    readPart('payload', () => readObject(payload.subarray(0, end))),
    'status-list-malformed',
  );
  return { ...rest, claims, packed: payload.subarray(end + 1) };
}

/**
 * One value for each entry; entry 0 first. Verify the signature first.
 *
 * @throws SymbolonError `status-list-malformed`
 */
export function openCompactList({ claims, packed }: ParsedCompactList): Uint8Array {
  return unpackCompact(packed, claims.entries);
}
