import { signPresentation } from '@digitalbazaar/vc';
import { kidOf } from '@symbolon/keys/kid';
import { didKeyOf } from '@symbolon/keys/multikey';
import type { Signer } from '@symbolon/keys/signer';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { CREDENTIALS_V2 } from './context-urls.ts';
import { loaderFor } from './contexts.ts';
import { parseDataIntegrity } from './parse.ts';
import { didKeyMethodOf } from './presentation.ts';
import { signingSuite } from './suites.ts';

export interface PresentDataIntegrityOptions {
  /** JSON text, as issued. */
  readonly credential: string;
  /** `domain` of the proof. */
  readonly audience: string;
  /** `challenge` of the proof. */
  readonly nonce: string;
  readonly now: Instant;
  readonly holder: Signer;
}

/**
 * Presents a credential with proof of possession of its key: a Verifiable Presentation 2.0 with an `authentication` proof by the
 * holder's did:key. Face to face, without a venue's code: `IN_PERSON_AUDIENCE` and `windowNonce(now)`.
 *
 * @returns JSON text
 * @throws SymbolonError `binding-signature` when `holder` is not the key of the credential, and what `parseDataIntegrity` throws
 */
export async function presentDataIntegrity({
  credential,
  audience,
  nonce,
  now,
  holder,
}: PresentDataIntegrityOptions): Promise<string> {
  const parsed = parseDataIntegrity(credential);
  const { holderKey } = parsed.claims;
  if (parsed.presentation !== undefined) throw new SymbolonError('binding-malformed');
  if (holderKey === undefined || kidOf(holderKey) !== kidOf(holder.publicJwk)) {
    throw new SymbolonError('binding-signature');
  }
  const presentation = {
    '@context': [CREDENTIALS_V2],
    type: ['VerifiablePresentation'],
    holder: didKeyOf(holderKey),
    verifiableCredential: [parsed.credential],
  };
  const signed = await signPresentation({
    presentation,
    suite: signingSuite(holder, didKeyMethodOf(holderKey), now),
    documentLoader: loaderFor({}),
    challenge: nonce,
    domain: audience,
  });
  return JSON.stringify(signed);
}
