import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { Sealer } from '@symbolon/issuer/ports';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { SymbolonError } from '@symbolon/protocol/errors';

/** Seals by a symmetric KMS key. A fact is far below KMS's 4096 bytes. The context is KMS's encryption context. */
export function kmsSealer(client: KMSClient, keyId: string): Sealer {
  return {
    seal: async (plain, context) => {
      const { CiphertextBlob: sealed } = await client.send(
        new EncryptCommand({ KeyId: keyId, Plaintext: plain, EncryptionContext: { context } }),
      );
      if (sealed === undefined) throw new SymbolonError('storage-failed');
      return encodeBase64url(sealed);
    },
    open: async (sealed, context) => {
      const { Plaintext: plain } = await client.send(
        new DecryptCommand({
          KeyId: keyId,
          CiphertextBlob: decodeBase64url(sealed),
          EncryptionContext: { context },
        }),
      );
      if (plain === undefined) throw new SymbolonError('storage-failed');
      return plain;
    },
  };
}
