import { GetPublicKeyCommand, type KMSClient, SignCommand, type SignCommandInput } from '@aws-sdk/client-kms';
import { algorithmOf } from '@symbolon/keys/algorithms';
import { sha256 } from '@symbolon/keys/digest';
import { rawFromDer } from '@symbolon/keys/ecdsa-der';
import { kidOf } from '@symbolon/keys/kid';
import type { Signer } from '@symbolon/keys/signer';
import { anyJwkFromSpki } from '@symbolon/keys/spki';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Algorithm } from '@symbolon/protocol/schemas/jwk';

/** What KMS takes as a raw message. */
const LONGEST_MESSAGE = 4096;

type Asked = Pick<SignCommandInput, 'Message' | 'MessageType' | 'SigningAlgorithm'>;

interface Way {
  readonly ask: (data: Uint8Array) => Asked;
  /** The 64 bytes of JOSE, from what KMS answers. */
  readonly raw: (answered: Bytes) => Bytes;
}

const WAYS: Readonly<Record<Algorithm, Way>> = {
  // The digest is signed, whatever the message's length; KMS answers DER, and JOSE wants R || S.
  ES256: {
    ask: (data) => ({
      Message: sha256(data),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    }),
    raw: rawFromDer,
  },
  // Pure Ed25519 signs the message itself: Ed25519ph, which takes a digest, is another algorithm.
  EdDSA: {
    ask: (data) => {
      if (data.length > LONGEST_MESSAGE)
        throw new SymbolonError('request-too-large', { bound: LONGEST_MESSAGE });
      return { Message: data, MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' };
    },
    raw: (answered) => answered,
  },
};

/**
 * A signer on a KMS key of kind ECC_NIST_P256 or ECC_NIST_EDWARDS25519 (`SIGN_VERIFY`): which of the two, its public key says. The private key never leaves KMS.
 * One of Ed25519 signs messages of 4096 bytes at most, which a checkpoint is.
 *
 * @throws SymbolonError `key-malformed` when the key is of another kind; on use `request-too-large`
 */
export async function kmsSigner(client: KMSClient, keyId: string): Promise<Signer> {
  const { PublicKey: spki } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
  if (spki === undefined) throw new SymbolonError('key-malformed');
  const publicJwk = anyJwkFromSpki(spki);
  const { alg } = algorithmOf(publicJwk);
  const { ask, raw } = WAYS[alg];
  return {
    alg,
    kid: kidOf(publicJwk),
    publicJwk,
    remote: true,
    sign: async (data) => {
      const { Signature: answered } = await client.send(new SignCommand({ KeyId: keyId, ...ask(data) }));
      if (answered === undefined) throw new SymbolonError('signature-invalid');
      return raw(new Uint8Array(answered));
    },
  };
}
