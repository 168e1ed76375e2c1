import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { type ListPurpose, purposeOf } from '@symbolon/protocol/list-names';
import { check } from '@symbolon/protocol/schemas/common';
import { isJsonObject, type JsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import { type IssuerProof, readIssuerProof } from '../data-integrity/issuer-proof.ts';
import { BitstringListDocument } from './document.ts';

/** A Bitstring list that has the right form. **Nothing is verified**: not who signed it, not which list it is, not its time. */
export interface ParsedBitstringList extends IssuerProof {
  /** The did of the region that it says it is of. */
  readonly issuer: string;
  /** Of the list: it ends with the purpose. */
  readonly uri: string;
  readonly purpose: ListPurpose;
  readonly issuedAt: Instant;
  /** From then on the list is not read any more. */
  readonly expiresAt: Instant;
  /** Multibase base64url of GZIP, not expanded: `decodeBitstring` (@symbolon/status/bitstring) does that. */
  readonly encodedList: string;
  /** With its proof, as it was read. */
  readonly credential: JsonObject;
}

/**
 * Reads a list of the one shape that Symbolon writes.
 *
 * @throws SymbolonError `status-list-malformed`, `type-unexpected`
 */
export function parseBitstringList(text: string): ParsedBitstringList {
  if (text.length > LIMITS.statusListTokenBytes)
    throw new SymbolonError('status-list-malformed', { bound: LIMITS.statusListTokenBytes });
  const credential = readObject(text);
  const { proof, ...rest } = credential;
  // REQ-DEC-020: a credential of another kind is told apart by its type, before anything else in it counts.
  const { type } = rest;
  if (!Array.isArray(type) || !type.includes('BitstringStatusListCredential'))
    throw new SymbolonError('type-unexpected');
  const document = checkedList(rest);
  const { id, issuer, validFrom, validUntil, credentialSubject } = document;
  return {
    ...readIssuerProof(proof, document, 'status-list-malformed'),
    issuer,
    uri: id,
    purpose: credentialSubject.statusPurpose,
    issuedAt: validFrom,
    expiresAt: validUntil,
    encodedList: credentialSubject.encodedList,
    credential,
  };
}

/** @throws SymbolonError `status-list-malformed` */
export function checkedList(value: unknown): BitstringListDocument {
  const document = check(BitstringListDocument, value, 'status-list-malformed');
  const { id, validFrom, validUntil, credentialSubject } = document;
  // REQ-STA-006: a list of suspensions is none of revocations, whatever its name.
  if (
    credentialSubject.id !== `${id}#list` ||
    purposeOf(id) !== credentialSubject.statusPurpose ||
    validFrom >= validUntil
  ) {
    throw new SymbolonError('status-list-malformed');
  }
  return document;
}

/** What is wrong with the JSON is told as a fault of the list, so that nobody takes it for one of the presentation. */
function readObject(text: string): JsonObject {
  try {
    const value = parseStrictJson(text);
    if (isJsonObject(value)) return value;
  } catch (cause) {
    throw new SymbolonError('status-list-malformed', { cause });
  }
  throw new SymbolonError('status-list-malformed');
}
