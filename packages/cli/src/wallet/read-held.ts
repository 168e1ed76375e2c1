import type { StatusClaims } from '@symbolon/credential/model';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { HeldCredential } from './wallet-file.ts';

/** What a held credential says by its own text. Its signature is NOT verified. Nothing when the text cannot be read. */
export async function readHeld({
  format,
  credential,
}: Pick<HeldCredential, 'format' | 'credential'>): Promise<
  { readonly issuer: string; readonly claims: StatusClaims } | undefined
> {
  try {
    if (format === 'dc+sd-jwt') return parseSdJwt(credential);
    const { parseDataIntegrity } = await import('@symbolon/credential/data-integrity');
    return parseDataIntegrity(credential);
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    return undefined;
  }
}
