import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';

/** What a forger might try, on a presentation as text. */

/** Flips one bit of the issuer's signature. */
export function flipSignatureBit(presentation: string): string {
  const [jwt = '', ...rest] = presentation.split('~');
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const bytes = decodeBase64url(signature);
  bytes[20] = (bytes[20] ?? 0) ^ 0x04;
  return [[header, payload, encodeBase64url(bytes)].join('.'), ...rest].join('~');
}

/** Leaves the proof of possession away, as if the credential were a printed card. */
export function cutKeyBinding(presentation: string): string {
  return presentation.slice(0, presentation.lastIndexOf('~') + 1);
}
