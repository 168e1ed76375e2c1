import { kidOf } from '@symbolon/keys/kid';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS, WINDOW } from '@symbolon/protocol/limits';
import { check, NumericDate } from '@symbolon/protocol/schemas/common';
import { P256Jwk, type PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import * as z from 'zod/mini';
import type { NonceStore } from '../ports.ts';

/** How old a proof may be, in seconds: as long as its nonce lives. */
export const NONCE_SECONDS = 300;
const LONGEST_PROOF = 2048;

const Header = z.strictObject({
  alg: z.literal('ES256'),
  typ: z.literal('openid4vci-proof+jwt'),
  jwk: P256Jwk,
});

const Claims = z.object({ iat: NumericDate, nonce: z.string().check(z.minLength(16), z.maxLength(64)) });

/**
 * Checks one proof of possession per wanted credential and uses up their common nonce (the `jwt` proof type of
 * OpenID4VCI 1.0, appendix F.1). Every key must be another one, or verifiers could link the credentials.
 *
 * @returns the holder keys, in order
 * @throws SymbolonError `batch-too-large`, `possession-invalid`, `possession-duplicate`, `nonce-invalid`
 */
export async function checkProofs(
  nonces: NonceStore,
  proofs: readonly string[],
  audience: string,
  now: Instant,
): Promise<PublicJwk[]> {
  if (proofs.length === 0) throw new SymbolonError('possession-invalid');
  if (proofs.length > LIMITS.batchCredentials)
    throw new SymbolonError('batch-too-large', { bound: LIMITS.batchCredentials });
  const checked = await Promise.all(proofs.map((proof) => checkProof(proof, audience, now)));
  const kids = new Set(checked.map(({ jwk }) => kidOf(jwk)));
  if (kids.size !== checked.length) throw new SymbolonError('possession-duplicate');
  const [nonce, ...others] = new Set(checked.map((each) => each.nonce));
  // Last, so that a broken batch does not use the nonce up, and before anything is minted, so that a good one is used once.
  if (nonce === undefined || others.length > 0 || !(await nonces.consume(nonce, now))) {
    throw new SymbolonError('nonce-invalid');
  }
  return checked.map(({ jwk }) => jwk);
}

async function checkProof(
  proof: string,
  audience: string,
  now: Instant,
): Promise<{ jwk: PublicJwk; nonce: string }> {
  if (proof.length > LONGEST_PROOF) throw new SymbolonError('possession-invalid', { bound: LONGEST_PROOF });
  try {
    const { jwk } = check(Header, decodeProtectedHeader(proof), 'possession-invalid');
    const { payload } = await jwtVerify(proof, await importJWK({ ...jwk }, 'ES256'), {
      algorithms: ['ES256'],
      audience,
      typ: 'openid4vci-proof+jwt',
      currentDate: new Date(now * 1000),
      requiredClaims: ['iat', 'nonce', 'aud'],
    });
    const { iat, nonce } = check(Claims, payload, 'possession-invalid');
    // jose accepts any iat when no maximal age is asked for, and any age of an iat in the future.
    if (iat > now + WINDOW.aheadSeconds || iat < now - NONCE_SECONDS)
      throw new SymbolonError('possession-invalid');
    return { jwk, nonce };
  } catch {
    throw new SymbolonError('possession-invalid');
  }
}
