import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { type NoteType, noteKey } from '@symbolon/log/note-key';
import type { NoteSigner } from '../runtime/note-signer.ts';

/** The key of a log or a witness: from its name, so that it is the same in every run. */
export async function seededNoteSigner(name: string, type: NoteType): Promise<NoteSigner> {
  const signer = await createLocalSigner(insecurePrivateKeyFromSeed('EdDSA', name));
  if (signer.publicJwk.kty !== 'OKP') throw new TypeError('EdDSA is Ed25519');
  return { key: noteKey(name, type, signer.publicJwk), signer };
}
