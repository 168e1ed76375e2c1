import type { Signer } from '@symbolon/keys/signer';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { StatusListClaims, TOKEN_TYPE } from './claims.ts';
import { signList } from './signed-list.ts';
import { compressList, type EntryBits, packEntries } from './status-list.ts';

export interface StatusListOrder {
  /** Where the list is read, and what credentials name as its `uri`. */
  readonly uri: string;
  /** One value per entry; entry 0 first. */
  readonly entries: Uint8Array;
  readonly bits: EntryBits;
  readonly issuedAt: Instant;
  /** From then on the list is not read any more. */
  readonly expiresAt: Instant;
  /** How long a client may keep the list before it looks for a newer one, in seconds. */
  readonly ttlSeconds: number;
  /** On a key whose `use` is `status`. */
  readonly signer: Signer;
}

/**
 * Signs a status list as a JWT (Token Status List, section 5.1).
 *
 * @throws SymbolonError `status-list-malformed` when a value does not fit its bits, the times or the uri make no sense, or a bound
 *   is passed (`LIMITS.statusListEntries`, `LIMITS.statusListTokenBytes`)
 */
export async function issueStatusListToken(order: StatusListOrder): Promise<string> {
  const { signer, bits } = order;
  const compressed = await compressList(packEntries(bits, order.entries));
  const claims = check(
    StatusListClaims,
    {
      sub: order.uri,
      iat: order.issuedAt,
      exp: order.expiresAt,
      ttl: order.ttlSeconds,
      status_list: { bits, lst: encodeBase64url(compressed) },
    },
    'status-list-malformed',
  );
  return signList(TOKEN_TYPE, utf8(JSON.stringify(claims)), signer);
}
