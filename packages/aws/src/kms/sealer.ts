import {
  DecryptCommand,
  EncryptCommand,
  InvalidCiphertextException,
  type KMSClient,
} from '@aws-sdk/client-kms';
import type { Sealer } from '@symbolon/issuer/ports';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { concatBytes, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';

/** What KMS encrypts at once. */
const KMS_BYTES = 4096;
const KEY_BYTES = 32;
const IV_BYTES = 12;

/**
 * Seals by a symmetric KMS key. The context is KMS's encryption context. What is longer than KMS takes (a batch that waits; a fact is far below) is sealed by
 * AES-256-GCM under a key of its own, and KMS seals that: `<sealed key>.<iv and content>`.
 */
export function kmsSealer(client: KMSClient, keyId: string): Sealer {
  const encrypt = async (plain: Uint8Array, context: string): Promise<string> => {
    const { CiphertextBlob: sealed } = await client.send(
      new EncryptCommand({ KeyId: keyId, Plaintext: plain, EncryptionContext: { context } }),
    );
    if (sealed === undefined) throw new SymbolonError('storage-failed');
    return encodeBase64url(sealed);
  };
  const decrypt = async (sealed: string, context: string): Promise<Uint8Array> => {
    const command = new DecryptCommand({
      KeyId: keyId,
      CiphertextBlob: decodeBase64url(sealed),
      EncryptionContext: { context },
    });
    const { Plaintext: plain } = await client.send(command).catch((error: unknown) => {
      // What does not open is damaged, or of another context: it concerns this one text, and not the store.
      throw error instanceof InvalidCiphertextException ? new SymbolonError('storage-failed') : error;
    });
    if (plain === undefined) throw new SymbolonError('storage-failed');
    return plain;
  };
  return {
    seal: async (plain, context) => {
      if (plain.length <= KMS_BYTES) return encrypt(plain, context);
      const secret = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
      try {
        const [iv, key] = [crypto.getRandomValues(new Uint8Array(IV_BYTES)), await aesKey(secret, 'encrypt')];
        const content = await crypto.subtle.encrypt(gcm(iv, context), key, new Uint8Array(plain));
        const sealed = encodeBase64url(concatBytes(iv, new Uint8Array(content)));
        return `${await encrypt(secret, context)}.${sealed}`;
      } finally {
        secret.fill(0);
      }
    },
    open: async (sealed, context) => {
      const [wrapped = '', content] = sealed.split('.');
      const opened = await decrypt(wrapped, context);
      if (content === undefined) return opened;
      try {
        const bytes = decodeBase64url(content);
        const key = await aesKey(opened, 'decrypt');
        const plain = await crypto.subtle.decrypt(
          gcm(bytes.slice(0, IV_BYTES), context),
          key,
          bytes.slice(IV_BYTES),
        );
        return new Uint8Array(plain);
      } catch (cause) {
        throw new SymbolonError('storage-failed', { cause });
      } finally {
        opened.fill(0);
      }
    },
  };
}

function aesKey(secret: Uint8Array, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(secret), 'AES-GCM', false, [usage]);
}

function gcm(iv: Uint8Array, context: string) {
  return { name: 'AES-GCM', iv: new Uint8Array(iv), additionalData: utf8(context) };
}
