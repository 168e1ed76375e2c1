import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { sha256 } from '@symbolon/keys/digest';
import { rawFromDer } from '@symbolon/keys/ecdsa-der';
import { kidOf } from '@symbolon/keys/kid';
import type { Signer } from '@symbolon/keys/signer';
import { jwkFromSpki } from '@symbolon/keys/spki';
import { SymbolonError } from '@symbolon/protocol/errors';

/**
 * A signer on a KMS key of kind ECC_NIST_P256 (`SIGN_VERIFY`). The private key never leaves KMS.
 *
 * KMS takes raw messages of 4096 bytes at most, so the digest is signed; it answers DER, and JOSE wants R || S.
 *
 * @throws SymbolonError `key-malformed` when the key is of another kind
 */
export async function kmsSigner(client: KMSClient, keyId: string): Promise<Signer> {
  const { PublicKey: spki } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
  if (spki === undefined) throw new SymbolonError('key-malformed');
  const publicJwk = jwkFromSpki(spki);
  return {
    alg: 'ES256',
    kid: kidOf(publicJwk),
    publicJwk,
    remote: true,
    sign: async (data) => {
      const { Signature: der } = await client.send(
        new SignCommand({
          KeyId: keyId,
          Message: sha256(data),
          MessageType: 'DIGEST',
          SigningAlgorithm: 'ECDSA_SHA_256',
        }),
      );
      if (der === undefined) throw new SymbolonError('signature-invalid');
      return rawFromDer(der);
    },
  };
}
