import { utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, errors } from 'jose';
import { PrivateJwk } from './private-key.ts';

/** OWASP's figure for PBKDF2-HMAC-SHA256 is 600,000; with SHA-512 it is more than enough. About 0.2 s. */
const ITERATIONS = 600_000;
const HARDEST = 2_000_000;

/**
 * Seals a private key under a passphrase: a compact JWE (RFC 7516) with PBES2-HS512+A256KW and A256GCM.
 * `iterations` is for tests; less than the default makes a guessable file.
 */
export async function sealKeyFile(
  key: PrivateJwk,
  passphrase: string,
  iterations = ITERATIONS,
): Promise<string> {
  return new CompactEncrypt(utf8(JSON.stringify(key)))
    .setProtectedHeader({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', typ: 'symbolon-key+jwe' })
    .setKeyManagementParameters({ p2c: iterations })
    .encrypt(utf8(passphrase));
}

/** @throws SymbolonError `key-file-malformed`, `key-file-passphrase` */
export async function openKeyFile(text: string, passphrase: string): Promise<PrivateJwk> {
  const jwe = text.trim();
  if (jwe.length > 4096 || !isKeyFile(jwe)) throw new SymbolonError('key-file-malformed');
  let plain: Uint8Array;
  try {
    const opened = await compactDecrypt(jwe, utf8(passphrase), {
      keyManagementAlgorithms: ['PBES2-HS512+A256KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
      maxPBES2Count: HARDEST,
    });
    plain = opened.plaintext;
  } catch (error) {
    throw new SymbolonError(
      error instanceof errors.JWEDecryptionFailed ? 'key-file-passphrase' : 'key-file-malformed',
    );
  }
  try {
    return PrivateJwk.parse(parseStrictJson(new TextDecoder().decode(plain)));
  } catch {
    throw new SymbolonError('key-file-malformed');
  } finally {
    plain.fill(0);
  }
}

function isKeyFile(jwe: string): boolean {
  try {
    return decodeProtectedHeader(jwe).typ === 'symbolon-key+jwe';
  } catch {
    return false;
  }
}
