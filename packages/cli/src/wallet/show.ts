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
export async function present(held: HeldCredential, options: ShowOptions): Promise<string> {
  const holder = await createLocalSigner(held.key);
  const binding = { holder, ...boundTo(options) };
  if (held.format === 'dc+sd-jwt')
    return presentSdJwt({ sdJwt: held.credential, disclose: options.disclose, ...binding });
  const { presentDataIntegrity } = await import('@symbolon/credential/data-integrity');
  return presentDataIntegrity({ credential: held.credential, ...binding });
}

function boundTo({ venue, now }: ShowOptions) {
  return { audience: venue?.audience ?? IN_PERSON_AUDIENCE, nonce: venue?.nonce ?? windowNonce(now), now };
}

/**
 * Several credentials of one key, shown together: a presentation of each, or of JSON-LD one presentation of all.
 *
 * @param held of one format
 */
export async function presentTogether(
  held: readonly HeldCredential[],
  options: ShowOptions,
): Promise<readonly string[]> {
  const [first] = held;
  if (first === undefined || held.length === 1 || first.format === 'dc+sd-jwt')
    return Promise.all(held.map((each) => present(each, options)));
  const { presentTogether: presentJsonLd } = await import('@symbolon/credential/data-integrity');
  const holder = await createLocalSigner(first.key);
  return [
    await presentJsonLd({
      credentials: held.map(({ credential }) => credential),
      holder,
      ...boundTo(options),
    }),
  ];
}

/** The texts of the QR codes that show the same. @throws SymbolonError `format-unsupported` for JSON-LD, which no QR code holds */
export async function presentTogetherAsQr(
  held: readonly HeldCredential[],
  dictionary: Dictionary,
  options: ShowOptions,
): Promise<readonly string[]> {
  return Promise.all(held.map((each) => presentQr(each, dictionary, options)));
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
