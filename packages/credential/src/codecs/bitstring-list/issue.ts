import type { Signer } from '@symbolon/keys/signer';
import { SymbolonError } from '@symbolon/protocol/errors';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { ListPurpose } from '@symbolon/protocol/list-names';
import { CREDENTIALS_V2 } from '../data-integrity/context-urls.ts';
import { signCredential } from '../data-integrity/issuer-proof.ts';
import { checkedList } from './parse.ts';

export interface BitstringListOrder {
  /** The region's did:web, exactly as the registry has it. */
  readonly did: string;
  /** Of the registered key; the verification method is `did#kid`. */
  readonly kid: string;
  /** Where the list is read: `bitstringListOf(<URI of the token list with the same entries>, purpose)`. */
  readonly uri: string;
  readonly purpose: ListPurpose;
  /** What `encodeBitstring` (@symbolon/status/bitstring) makes of the entries. Two lists of the same entries have the same. */
  readonly encodedList: string;
  /**
   * The same for the three lists of the same entries, and the token list is published last: a reader remembers the time of that one, and takes an older
   * Bitstring list for one that is held back (REQ-STA-009).
   */
  readonly issuedAt: Instant;
  /** From then on the list is not read any more. */
  readonly expiresAt: Instant;
  /** How long a client may keep the list before it looks for a newer one. It is written in milliseconds. */
  readonly ttlSeconds: number;
  /** On a key whose `use` is `status`. */
  readonly signer: Signer;
}

/**
 * Signs a Bitstring list as a W3C Verifiable Credential 2.0 with a Data Integrity proof (Bitstring Status List 1.0, section 3.1).
 *
 * @returns JSON text
 * @throws SymbolonError `status-list-malformed` when the times or the uri make no sense, or it is longer than `LIMITS.statusListTokenBytes`
 */
export async function issueBitstringList(order: BitstringListOrder): Promise<string> {
  const { did, kid, uri, purpose, encodedList, issuedAt, expiresAt, ttlSeconds, signer } = order;
  const credential = {
    '@context': [CREDENTIALS_V2],
    id: uri,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: did,
    validFrom: formatInstant(issuedAt),
    validUntil: formatInstant(expiresAt),
    credentialSubject: {
      id: `${uri}#list`,
      type: 'BitstringStatusList',
      statusPurpose: purpose,
      encodedList,
      ttl: ttlSeconds * 1000,
    },
  };
  checkedList(credential);
  const text = await signCredential({ credential, did, kid, signer, issuedAt });
  // REQ-STA-006: no reader takes a longer one, so none is issued.
  if (text.length > LIMITS.statusListTokenBytes)
    throw new SymbolonError('status-list-malformed', { bound: LIMITS.statusListTokenBytes });
  return text;
}
