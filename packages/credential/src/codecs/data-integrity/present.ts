import { signPresentation } from '@digitalbazaar/vc';
import { didKeyOf } from '@symbolon/keys/multikey';
import type { Signer } from '@symbolon/keys/signer';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { CREDENTIALS_V2 } from './context-urls.ts';
import { loaderFor } from './contexts.ts';
import { type ParsedDataIntegrity, parseDataIntegrity } from './parse.ts';
import { didKeyMethodOf } from './presentation.ts';
import { signingSuite } from './suites.ts';

interface Binding {
  /** `domain` of the proof. */
  readonly audience: string;
  /** `challenge` of the proof. */
  readonly nonce: string;
  readonly now: Instant;
  readonly holder: Signer;
}

export interface PresentDataIntegrityOptions extends Binding {
  /** JSON text, as issued. */
  readonly credential: string;
}

export interface PresentTogetherOptions extends Binding {
  /** JSON texts, as issued, all for the key of `holder`: 1 to `LIMITS.shownTogether`. */
  readonly credentials: readonly string[];
}

/**
 * Presents a credential with proof of possession of its key: a Verifiable Presentation 2.0 with an `authentication` proof by the
 * holder's did:key. Face to face, without a venue's code: `IN_PERSON_AUDIENCE` and `windowNonce(now)`.
 *
 * @returns JSON text
 * @throws SymbolonError `binding-signature` when `holder` is not the key of the credential, and what `parseDataIntegrity` throws
 */
export function presentDataIntegrity({
  credential,
  ...binding
}: PresentDataIntegrityOptions): Promise<string> {
  return presentTogether({ credentials: [credential], ...binding });
}

/** Presents several credentials of one holder in one presentation, with one proof for all. @throws SymbolonError `binding-malformed` for none, too many, or one that is presented already; `binding-signature` as above */
export async function presentTogether({
  credentials,
  audience,
  nonce,
  now,
  holder,
}: PresentTogetherOptions): Promise<string> {
  const parsed = credentials.map(parseDataIntegrity);
  const isMisplaced = parsed.length === 0 || parsed.length > LIMITS.shownTogether;
  if (isMisplaced || parsed.some(({ presentation }) => presentation !== undefined))
    throw new SymbolonError('binding-malformed');
  const isHolders = ({ claims: { holderKey } }: ParsedDataIntegrity) =>
    holderKey !== undefined && didKeyOf(holderKey) === didKeyOf(holder.publicJwk);
  if (!parsed.every(isHolders)) throw new SymbolonError('binding-signature');
  const presentation = {
    '@context': [CREDENTIALS_V2],
    type: ['VerifiablePresentation'],
    holder: didKeyOf(holder.publicJwk),
    verifiableCredential: parsed.map(({ credential }) => credential),
  };
  const signed = await signPresentation({
    presentation,
    suite: signingSuite(holder, didKeyMethodOf(holder.publicJwk), now),
    documentLoader: loaderFor({}),
    challenge: nonce,
    domain: audience,
  });
  return JSON.stringify(signed);
}
