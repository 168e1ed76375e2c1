import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import type { Ed25519Jwk } from '@symbolon/protocol/schemas/jwk';
import { NOTE_TYPE, type NoteKey, type NoteType, noteKey } from '../note/note-key.ts';

/** A key that is the same in every run, with its signer. For tests. */
export interface TestKey {
  readonly key: NoteKey;
  readonly signer: Signer;
}

export async function testKey(name: string, type: NoteType, seed: string = name): Promise<TestKey> {
  const signer = await createLocalSigner(insecurePrivateKeyFromSeed('EdDSA', seed));
  const { publicJwk: jwk } = signer;
  if (!isEd25519(jwk)) throw new TypeError('not an Ed25519 key');
  return { key: noteKey(name, type, jwk), signer };
}

export const logKey = (seed: string = 'log', name: string = 'log.example/a') =>
  testKey(name, NOTE_TYPE.log, seed);
export const witnessKey = (n: number) => testKey(`w${n}.example`, NOTE_TYPE.witness);

function isEd25519(jwk: Signer['publicJwk']): jwk is Ed25519Jwk {
  return jwk.kty === 'OKP';
}
