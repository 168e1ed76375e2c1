import { decodeBase64, encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, fromHex } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { OtherKey } from '../metadata/profile.ts';
import { readRsaSpki } from './rsa-spki.ts';

const PEM = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----$/;
const ALGORITHM = { name: 'RSA-PSS', hash: 'SHA-256' };
const DIGEST_BYTES = 32;
/** TUF 1.0, section 4.2.2: "All RSA keys MUST be at least 2048 bits". */
const LEAST_BITS = 2048;

/**
 * A key of `rsassa-pss-sha256` (RFC 8017, section 8.1; TUF 1.0, section 4.2.2): SubjectPublicKeyInfo in PEM. Of the plain profile only: a
 * Symbolon registry knows no RSA.
 *
 * REQ-REG-004: the key is its modulus, however its text is written. Who holds the key can sign for any exponent with it, so that does not
 * tell two keys apart.
 *
 * @throws SymbolonError `key-malformed` or `base64url-malformed` when the PEM holds no RSA key in DER. One that is too short, or has no good exponent, verifies nothing.
 */
export function rsaPssKey(pem: string): OtherKey {
  const base64 = PEM.exec(pem.trim())?.[1]?.replace(/\s/g, '');
  if (base64 === undefined) throw new SymbolonError('key-malformed');
  const { modulus, exponent } = readRsaSpki(decodeBase64(base64));
  const [n, e] = [encodeBase64url(modulus), encodeBase64url(exponent)];
  let imported: Promise<CryptoKey | undefined> | undefined;
  return {
    identity: `RSA.${n}`,
    verifies: async (data, sig) => {
      imported ??= importKey({ kty: 'RSA', n, e });
      const key = await imported;
      const signature = readHex(sig);
      return key !== undefined && signature !== undefined && isSignature(key, data, signature);
    },
  };
}

async function importKey(jwk: JsonWebKey): Promise<CryptoKey | undefined> {
  try {
    const key = await crypto.subtle.importKey('jwk', jwk, ALGORITHM, true, ['verify']);
    return modulusBits(key) >= LEAST_BITS ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Signers take a salt as long as the digest (RFC 8017, section 9.1) or, as OpenSSL unless told, as long as fits. */
async function isSignature(key: CryptoKey, data: Bytes, signature: Bytes): Promise<boolean> {
  const longest = Math.ceil((modulusBits(key) - 1) / 8) - DIGEST_BYTES - 2;
  for (const saltLength of [DIGEST_BYTES, longest]) {
    if (await crypto.subtle.verify({ name: ALGORITHM.name, saltLength }, key, signature, data)) return true;
  }
  return false;
}

function modulusBits({ algorithm }: CryptoKey): number {
  return 'modulusLength' in algorithm ? Number(algorithm.modulusLength) : 0;
}

function readHex(text: string): Bytes | undefined {
  try {
    return fromHex(text);
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}
