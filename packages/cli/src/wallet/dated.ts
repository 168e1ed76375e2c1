import { kidOf } from '@symbolon/keys/kid';
import { publicPart } from '@symbolon/keys/private-key';
import type { Instant } from '@symbolon/protocol/instant';
import { readHeld } from './read-held.ts';
import type { HeldCredential } from './wallet-file.ts';

/** A held credential, and the end that its own text states. Its signature is not verified: what a wallet holds is no proof to it. */
export interface DatedCredential extends HeldCredential {
  /** Nothing when the text cannot be read. */
  readonly expiresAt: Instant | undefined;
}

export function dateCredentials(credentials: readonly HeldCredential[]): Promise<readonly DatedCredential[]> {
  return Promise.all(
    credentials.map(async (held) => ({ ...held, expiresAt: (await readHeld(held))?.claims.expiresAt })),
  );
}

/** REQ-TIM-001: a verifier refuses it from its end on. What cannot be read is not shown either. */
export function isLive({ expiresAt }: DatedCredential, now: Instant): boolean {
  return expiresAt !== undefined && now < expiresAt;
}

export function hasExpired({ expiresAt }: DatedCredential, now: Instant): boolean {
  return expiresAt !== undefined && now >= expiresAt;
}

/** The keys that a verifier has seen, by kid: with whichever of their credentials, also one that has expired since. */
export function shownKeys(credentials: readonly HeldCredential[]): ReadonlySet<string> {
  return new Set(credentials.filter(({ used }) => used).map(kidOfHeld));
}

export function kidOfHeld({ key }: HeldCredential): string {
  return kidOf(publicPart(key));
}

/**
 * What a wallet keeps: all that has not expired, and what cannot be read, which a newer wallet may read. That a key was shown stays known when the credential
 * that it was shown with goes.
 */
export function withoutExpired(
  credentials: readonly DatedCredential[],
  now: Instant,
): readonly HeldCredential[] {
  const shown = shownKeys(credentials);
  return credentials.flatMap((each) => {
    const { expiresAt: _, ...held } = each;
    return hasExpired(each, now) ? [] : [{ ...held, used: shown.has(kidOfHeld(held)) }];
  });
}
