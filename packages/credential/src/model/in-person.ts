import type { Instant } from '@symbolon/protocol/instant';

/** `aud` (or `domain`) of a presentation that is shown face to face, to whoever looks (protocol, section 6, window mode). */
export const IN_PERSON_AUDIENCE = 'urn:symbolon:in-person';

/** `nonce` (or `challenge`) of window mode: it says no more than the second in which the presentation was made. */
export function windowNonce(iat: Instant): string {
  return `w.${iat}`;
}
