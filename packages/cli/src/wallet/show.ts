import { IN_PERSON_AUDIENCE, windowNonce } from '@symbolon/credential/model';
import { packQr } from '@symbolon/credential/qr/pack';
import { presentSdJwt } from '@symbolon/credential/sd-jwt/present';
import { createLocalSigner } from '@symbolon/keys/signer';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Dictionary } from '@symbolon/protocol/schemas/federation';
import type { HeldCredential } from './wallet-file.ts';

export interface ShowOptions {
  /** Names of `details` to disclose. */
  readonly disclose: readonly string[];
  /** A venue's own audience and nonce; without them the presentation is for whoever looks, now. */
  readonly venue?: { readonly audience: string; readonly nonce: string };
  readonly now: Instant;
}

/** A presentation of a held credential: text that any verifier takes. */
export async function present(held: HeldCredential, { disclose, venue, now }: ShowOptions): Promise<string> {
  const holder = await createLocalSigner(held.key);
  const audience = venue?.audience ?? IN_PERSON_AUDIENCE;
  const nonce = venue?.nonce ?? windowNonce(now);
  if (held.format === 'dc+sd-jwt') {
    return presentSdJwt({ sdJwt: held.credential, disclose, audience, nonce, now, holder });
  }
  const { presentDataIntegrity } = await import('@symbolon/credential/data-integrity');
  return presentDataIntegrity({ credential: held.credential, audience, nonce, now, holder });
}

/** The same as the text of a QR code. @throws SymbolonError `format-unsupported` for JSON-LD, which no QR code holds */
export async function presentQr(
  held: HeldCredential,
  dictionary: Dictionary,
  options: ShowOptions,
): Promise<string> {
  if (held.format !== 'dc+sd-jwt') throw new SymbolonError('format-unsupported');
  return packQr(await present(held, options), dictionary);
}
