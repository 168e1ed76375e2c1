import { GenerateMacCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { BlindIndexer } from '@symbolon/issuer/ports';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';

/** Blind indexes by a KMS key of kind HMAC_256: not even this code can take the key elsewhere to try identifiers. */
export function kmsBlindIndexer(client: KMSClient, keyId: string): BlindIndexer {
  return {
    index: async (identifier) => {
      const { Mac: mac } = await client.send(
        new GenerateMacCommand({ KeyId: keyId, Message: utf8(identifier), MacAlgorithm: 'HMAC_SHA_256' }),
      );
      if (mac === undefined) throw new SymbolonError('storage-failed');
      return encodeBase64url(mac);
    },
  };
}
