import { algorithmOf } from '@symbolon/keys/algorithms';
import { didKeyOf, multikeyOf } from '@symbolon/keys/multikey';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { isJsonObject, type JsonObject } from '@symbolon/protocol/strict-json';
import { Presentation, PresentationProof } from './documents.ts';

/** A presentation as it was read: it names the key of the credential, but nothing is verified. */
export interface ParsedPresentation {
  /** The nonce; in window mode `w.<created>`. */
  readonly challenge: string;
  /** The audience. */
  readonly domain: string;
  readonly created: Instant;
  /** The presentation with its proof, as it was read. */
  readonly document: JsonObject;
}

/** The verification method of a did:key (its one key). */
export function didKeyMethodOf(holderKey: PublicJwk): string {
  return `${didKeyOf(holderKey)}#${multikeyOf(holderKey)}`;
}

/** @throws SymbolonError `binding-malformed` unless this is a presentation of 1 to `LIMITS.shownTogether` credentials */
export function credentialsOf(document: JsonObject): readonly JsonObject[] {
  const { proof: _, ...rest } = document;
  check(Presentation, rest, 'binding-malformed');
  const { verifiableCredential } = rest;
  const credentials = Array.isArray(verifiableCredential) ? verifiableCredential : [];
  if (!credentials.every(isJsonObject)) throw new SymbolonError('binding-malformed');
  return credentials;
}

/**
 * @param holderKey of a credential that is presented; without one there is nothing to bind to
 * @throws SymbolonError `binding-malformed` unless the proof is by that key, with the cryptosuite of that key
 */
export function readPresentation(document: JsonObject, holderKey: PublicJwk | undefined): ParsedPresentation {
  const proof = check(PresentationProof, document['proof'], 'binding-malformed');
  // REQ-BND-002: the holder, the method and the suite all follow from the key in the credential; of several credentials, in each of them.
  if (
    holderKey === undefined ||
    document['holder'] !== didKeyOf(holderKey) ||
    proof.verificationMethod !== didKeyMethodOf(holderKey) ||
    proof.cryptosuite !== algorithmOf(holderKey).cryptosuite
  ) {
    throw new SymbolonError('binding-malformed');
  }
  const { challenge, domain, created } = proof;
  return { challenge, domain, created, document };
}
