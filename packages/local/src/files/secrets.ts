import type { BlindIndexer, Sealer } from '@symbolon/issuer/ports';
import { openKeyFile } from '@symbolon/keys/key-file';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { readSecretFile } from './secret-file.ts';

const SECRET_BYTES = 32;

/** Blind indexes by HMAC-SHA256 under the 32-byte secret in a file (base64url). The KMS adapter's counterpart. */
export async function fileBlindIndexer(url: URL): Promise<BlindIndexer> {
  const secret = await readSecret(url);
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  secret.fill(0);
  return {
    index: async (identifier) =>
      encodeBase64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(identifier)))),
  };
}

/** Seals by AES-256-GCM (a compact JWE, `dir`) under the 32-byte secret in a file. The context is a protected header. */
export async function fileSealer(url: URL): Promise<Sealer> {
  const secret = await readSecret(url);
  const key = await crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['encrypt', 'decrypt']);
  secret.fill(0);
  return {
    seal: (plain, context) =>
      new CompactEncrypt(plain).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: context }).encrypt(key),
    open: async (sealed, context) => {
      const opened = await compactDecrypt(sealed, key, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      }).catch(() => {
        throw new SymbolonError('storage-failed');
      });
      if (opened.protectedHeader.kid !== context) throw new SymbolonError('storage-failed');
      return opened.plaintext;
    },
  };
}

/** A signer on an encrypted key file. @throws SymbolonError `key-file-malformed`, `key-file-passphrase`, `key-file-exposed` */
export async function fileSigner(url: URL, passphrase: string): Promise<Signer> {
  return createLocalSigner(await openKeyFile(await readSecretFile(url), passphrase));
}

async function readSecret(url: URL) {
  const secret = decodeBase64url((await readSecretFile(url)).trim());
  if (secret.length !== SECRET_BYTES)
    throw new SymbolonError('configuration-malformed', { path: 'secret', bound: SECRET_BYTES });
  return secret;
}
