import { sha256 } from '@symbolon/keys/digest';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { concatBytes, utf8 } from '@symbolon/protocol/bytes';
import type { MemorySecrets } from './memory-secrets.ts';

const IV_BYTES = 12;

/** Secrets as an adapter keeps them, under keys made from a seed: HMAC-SHA256, and AES-256-GCM bound to its context. For what a store must not give away. */
export async function keyedSecrets(seed: string): Promise<MemorySecrets> {
  const secret = (use: string) => sha256(utf8(`${use} ${seed}`));
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const indexKey = await crypto.subtle.importKey('raw', secret('index'), hmac, false, ['sign']);
  const sealKey = await crypto.subtle.importKey('raw', secret('seal'), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
  let sealed = 0;
  return {
    blindIndexer: {
      index: async (identifier) =>
        encodeBase64url(new Uint8Array(await crypto.subtle.sign('HMAC', indexKey, utf8(identifier)))),
    },
    sealer: {
      seal: async (plain, context) => {
        const iv = sha256(utf8(`${seed} ${sealed++}`)).slice(0, IV_BYTES);
        const parameters = { name: 'AES-GCM', iv, additionalData: utf8(context) };
        const text = await crypto.subtle.encrypt(parameters, sealKey, new Uint8Array(plain));
        return encodeBase64url(concatBytes(iv, new Uint8Array(text)));
      },
      open: async (text, context) => {
        const bytes = decodeBase64url(text);
        const parameters = {
          name: 'AES-GCM',
          iv: bytes.slice(0, IV_BYTES),
          additionalData: utf8(context),
        };
        return new Uint8Array(await crypto.subtle.decrypt(parameters, sealKey, bytes.slice(IV_BYTES)));
      },
    },
  };
}
