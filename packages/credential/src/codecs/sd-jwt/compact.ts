import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';

/** The tilde-separated parts of an SD-JWT or SD-JWT+KB (RFC 9901, section 4), not yet decoded. */
export interface SdJwtParts {
  readonly jwt: string;
  readonly disclosures: readonly string[];
  /** Everything that `sd_hash` covers: the JWT and the disclosures, each with its tilde. */
  readonly sdJwt: string;
  readonly keyBinding: string | undefined;
}

/** @throws SymbolonError `presentation-too-large`, `presentation-unrecognised` */
export function splitSdJwt(text: string): SdJwtParts {
  if (text.length > LIMITS.presentationBytes) {
    throw new SymbolonError('presentation-too-large', { bound: LIMITS.presentationBytes });
  }
  const [jwt, ...rest] = text.split('~');
  const keyBinding = rest.pop();
  if (jwt === undefined || keyBinding === undefined) throw new SymbolonError('presentation-unrecognised');
  if (rest.length > LIMITS.disclosures) {
    throw new SymbolonError('presentation-too-large', { path: 'disclosures', bound: LIMITS.disclosures });
  }
  return keyBinding === ''
    ? { jwt, disclosures: rest, sdJwt: text, keyBinding: undefined }
    : { jwt, disclosures: rest, sdJwt: text.slice(0, text.length - keyBinding.length), keyBinding };
}
