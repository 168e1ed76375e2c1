import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  randomBytes,
  sign,
} from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { p256 } from '@noble/curves/nist.js';

/**
 * KMS on loopback, speaking its wire format (JSON 1.1, `X-Amz-Target: TrentService.*`), as far as the adapters use it, with a key under every name that
 * is asked for: of Ed25519 where the name ends in `ed25519`, else of P-256. The cryptography is real: signatures are ECDSA in DER over a digest, ciphertexts are AES-GCM bound to the key's name and to the encryption context.
 */
export interface FakeKms {
  readonly endpoint: string;
  /** Operations asked for, in order. */
  readonly calls: readonly string[];
  /** The encryption context of each call, likewise; nothing, where the call had none. */
  readonly contexts: readonly (Readonly<Record<string, string>> | undefined)[];
  /** Answers every call as KMS does when it is not well, until it is told otherwise. */
  isDown: boolean;
  stop(): Promise<void>;
}

export async function startFakeKms(): Promise<FakeKms> {
  const calls: string[] = [];
  const contexts: FakeKms['contexts'][number][] = [];
  const pairs = new Map<string, KeyPairKeyObjectResult>();
  const pairOf = (keyId: string) => {
    const made = () =>
      keyId.endsWith('ed25519')
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pair = pairs.get(keyId) ?? made();
    pairs.set(keyId, pair);
    return pair;
  };
  const secret = randomBytes(32);
  const server: Server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const operation = String(request.headers['x-amz-target']).replace('TrentService.', '');
    calls.push(operation);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    try {
      const asked: Request = JSON.parse(text);
      contexts.push(asked.EncryptionContext);
      if (kms.isDown) response.statusCode = 500;
      const answered = kms.isDown
        ? { __type: 'KMSInternalException' }
        : answer(operation, asked, pairOf(asked.KeyId), secret);
      response.end(JSON.stringify(answered));
    } catch {
      response.statusCode = 400;
      response.end(JSON.stringify({ __type: 'InvalidCiphertextException' }));
    }
  });
  // A client that reuses a connection at the moment at which it is closed for idleness gets no answer.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const kms: FakeKms = {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    contexts,
    isDown: false,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return kms;
}

interface Request {
  readonly KeyId: string;
  readonly Message?: string;
  readonly MessageType?: string;
  readonly SigningAlgorithm?: string;
  readonly Plaintext?: string;
  readonly CiphertextBlob?: string;
  readonly EncryptionContext?: Record<string, string>;
  readonly KeyPairSpec?: string;
}

function answer(
  operation: string,
  request: Request,
  { privateKey, publicKey }: KeyPairKeyObjectResult,
  secret: Buffer,
): unknown {
  const { KeyId } = request;
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const message = Buffer.from(request.Message ?? '', 'base64');
  // The order of its names does not count.
  const context = Buffer.from(
    JSON.stringify([KeyId, ...Object.entries(request.EncryptionContext ?? {}).toSorted()]),
  );
  switch (operation) {
    case 'GetPublicKey':
      return {
        KeyId,
        PublicKey: base64(publicKey.export({ format: 'der', type: 'spki' })),
        KeyUsage: 'SIGN_VERIFY',
      };
    case 'Sign': {
      if (privateKey.asymmetricKeyType === 'ed25519') {
        const isAllowed = request.MessageType === 'RAW' && message.length <= 4096;
        if (!isAllowed || request.SigningAlgorithm !== 'ED25519_SHA_512')
          throw new Error('Ed25519 signs raw messages');
        const { SigningAlgorithm } = request;
        return { KeyId, Signature: base64(sign(null, message, privateKey)), SigningAlgorithm };
      }
      if (request.MessageType !== 'DIGEST' || message.length !== 32) throw new Error('a digest has 32 bytes');
      return { KeyId, Signature: base64(signDigest(privateKey, message)), SigningAlgorithm: 'ECDSA_SHA_256' };
    }
    case 'GenerateMac':
      return {
        KeyId,
        Mac: base64(createHmac('sha256', secret).update(message).digest()),
        MacAlgorithm: 'HMAC_SHA_256',
      };
    case 'Encrypt':
      if (Buffer.from(request.Plaintext ?? '', 'base64').length > 4096) throw new Error('KMS takes no more');
      return {
        KeyId,
        CiphertextBlob: base64(seal(Buffer.from(request.Plaintext ?? '', 'base64'), secret, context)),
      };
    case 'GenerateDataKeyPairWithoutPlaintext': {
      if (request.KeyPairSpec !== 'ECC_NIST_P256') throw new Error('a kind that the adapters do not use');
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return {
        KeyId,
        KeyPairSpec: request.KeyPairSpec,
        PublicKey: base64(pair.publicKey.export({ format: 'der', type: 'spki' })),
        PrivateKeyCiphertextBlob: base64(
          seal(pair.privateKey.export({ format: 'der', type: 'pkcs8' }), secret, context),
        ),
      };
    }
    case 'Decrypt': {
      const blob = Buffer.from(request.CiphertextBlob ?? '', 'base64');
      const decipher = createDecipheriv('aes-256-gcm', secret, blob.subarray(0, 12)).setAAD(context);
      decipher.setAuthTag(blob.subarray(12, 28));
      return {
        KeyId,
        Plaintext: base64(Buffer.concat([decipher.update(blob.subarray(28)), decipher.final()])),
      };
    }
    default:
      throw new Error('an operation that the adapters do not use');
  }
}

function seal(plain: Buffer, secret: Buffer, context: Buffer): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(context);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

/** ECDSA over a digest: Node has no call for it, so the curve arithmetic of a kept library signs, and its answer is put into DER. */
function signDigest(privateKey: KeyObject, digest: Uint8Array): Uint8Array {
  const { d } = privateKey.export({ format: 'jwk' });
  return p256.sign(digest, Buffer.from(d ?? '', 'base64url'), { prehash: false, format: 'der', lowS: false });
}
