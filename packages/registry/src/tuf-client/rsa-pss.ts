import { type Bytes, fromHex } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { OtherKey } from '../metadata/profile.ts';

const PEM = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----$/;
const ALGORITHM = { name: 'RSA-PSS', hash: 'SHA-256' };
const DIGEST_BYTES = 32;
/** TUF 1.0, section 4.2.2: "All RSA keys MUST be at least 2048 bits". */
const LEAST_BITS = 2048;

/**
 * A key of `rsassa-pss-sha256` (RFC 8017, section 8.1; TUF 1.0, section 4.2.2): SubjectPublicKeyInfo in PEM. Of the plain profile only: a
 * Symbolon registry knows no RSA.
 *
 * @throws SymbolonError `key-malformed`. What the PEM holds shows when the key is imported: one that is no RSA key, or too short, verifies
 * nothing.
 */
export function rsaPssKey(pem: string): OtherKey {
  const base64 = PEM.exec(pem.trim())?.[1]?.replace(/\s/g, '');
  if (base64 === undefined) throw new SymbolonError('key-malformed');
  let imported: Promise<CryptoKey | undefined> | undefined;
  return {
    identity: `RSA.${base64}`,
    verifies: async (data, sig) => {
      imported ??= importKey(base64);
      const key = await imported;
      const signature = readHex(sig);
      return key !== undefined && signature !== undefined && isSignature(key, data, signature);
    },
  };
}

async function importKey(base64: string): Promise<CryptoKey | undefined> {
  try {
    const der = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const key = await crypto.subtle.importKey('spki', der, ALGORITHM, true, ['verify']);
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
