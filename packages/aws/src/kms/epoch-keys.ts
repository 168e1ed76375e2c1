import {
  DecryptCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  IncorrectKeyException,
  InvalidCiphertextException,
  type KMSClient,
} from '@aws-sdk/client-kms';
import type { EpochKeys, EpochUse } from '@symbolon/issuer/ports';
import { kidOf } from '@symbolon/keys/kid';
import { createPkcs8Signer } from '@symbolon/keys/signer';
import { jwkFromSpki } from '@symbolon/keys/spki';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { isKid } from '@symbolon/protocol/ids';
import { check } from '@symbolon/protocol/schemas/common';
import { P256Jwk } from '@symbolon/protocol/schemas/jwk';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import type { Vault } from '../s3/vault.ts';
import { epochKeyContext, epochKeyFile, publishedMarkFile } from './epoch-key-context.ts';

export interface KmsEpochKeys {
  readonly client: KMSClient;
  /** A symmetric key, which wraps the private halves. */
  readonly wrappingKey: string;
  readonly region: string;
  readonly vault: Vault;
}

const StoredKey = z.strictObject({ jwk: P256Jwk, wrapped: z.string().check(z.maxLength(8192)) });
const SUFFIX = '.json';
const MARK_SUFFIX = '.published.json';

/**
 * Epoch keys as data key pairs of KMS: made by it, wrapped by a key that never leaves it, and kept as objects `<use>/<kid>.json`, the mark
 * of a published one beside it. Region and use are the encryption context, so KMS opens a key for its own use only, and its policy can say who may open which.
 *
 * Whoever can write the objects but not use the wrapping key makes no key that opens: the public half in the object counts only once the private
 * one was opened and fits.
 */
export function kmsEpochKeys({ client, wrappingKey, region, vault }: KmsEpochKeys): EpochKeys {
  const key = (use: EpochUse) => ({ KeyId: wrappingKey, EncryptionContext: epochKeyContext(region, use) });
  return {
    make: async (use) => {
      const { PublicKey: spki, PrivateKeyCiphertextBlob: wrapped } = await client
        .send(new GenerateDataKeyPairWithoutPlaintextCommand({ ...key(use), KeyPairSpec: 'ECC_NIST_P256' }))
        .catch(notNow);
      if (spki === undefined || wrapped === undefined) throw new SymbolonError('storage-failed');
      const jwk = jwkFromSpki(spki);
      const kid = kidOf(jwk);
      const stored = { jwk, wrapped: encodeBase64url(wrapped) };
      await vault.create(pathOf(use, kid), utf8(JSON.stringify(stored)));
      return kid;
    },
    list: async (use) => kidsIn(await vault.list(use), SUFFIX),
    open: async (use, kid) => {
      const bytes = await vault.read(pathOf(use, kid));
      if (bytes === undefined) return undefined;
      const { jwk, wrapped } = readStored(bytes);
      if (kidOf(jwk) !== kid) throw new SymbolonError('key-malformed');
      const { Plaintext: der } = await client
        .send(new DecryptCommand({ ...key(use), CiphertextBlob: wrapped }))
        .catch(whenNotOurs);
      if (der === undefined) throw new SymbolonError('storage-failed');
      const plain = new Uint8Array(der);
      try {
        return await createPkcs8Signer(plain, jwk);
      } finally {
        plain.fill(0);
        der.fill(0);
      }
    },
    markPublished: async (use, kid) => {
      try {
        await vault.create(markOf(use, kid), utf8('{}'));
      } catch (error) {
        if (!isSymbolonError(error) || error.code !== 'object-exists') throw error;
      }
    },
    listPublished: async (use) => kidsIn(await vault.list(use), MARK_SUFFIX),
    forget: async (use, kid) => {
      await vault.remove(pathOf(use, kid));
      await vault.remove(markOf(use, kid));
    },
  };
}

function kidsIn(names: readonly string[], suffix: string): readonly string[] {
  return names
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .filter(isKid);
}

function pathOf(use: EpochUse, kid: string): string {
  return epochKeyFile(use, checked(kid));
}

function markOf(use: EpochUse, kid: string): string {
  return publishedMarkFile(use, checked(kid));
}

function checked(kid: string): string {
  if (!isKid(kid)) throw new SymbolonError('id-malformed');
  return kid;
}

function readStored(bytes: Bytes): { readonly jwk: P256Jwk; readonly wrapped: Bytes } {
  try {
    const { jwk, wrapped } = check(StoredKey, parseStrictJson(fromUtf8(bytes)), 'key-malformed');
    return { jwk, wrapped: decodeBase64url(wrapped) };
  } catch {
    throw new SymbolonError('key-malformed');
  }
}

/** Wrapped by another key, for another use or region, or by nobody. */
function whenNotOurs(error: unknown): never {
  const isForeign = error instanceof InvalidCiphertextException || error instanceof IncorrectKeyException;
  if (isForeign) throw new SymbolonError('key-malformed');
  return notNow(error);
}

function notNow(cause: unknown): never {
  throw new SymbolonError('storage-failed', { cause });
}
