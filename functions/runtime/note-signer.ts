import type { Signer } from '@symbolon/keys/signer';
import { type NoteKey, type NoteType, noteKey } from '@symbolon/log/note-key';
import { SymbolonError } from '@symbolon/protocol/errors';
import { signerAt } from './adapters.ts';

/** What signs notes: a key under its name, and who holds it. */
export interface NoteSigner {
  readonly key: NoteKey;
  readonly signer: Signer;
}

export interface NoteSignerPlace {
  /** `awskms:///KEY` or `file:///key.jwe`. */
  readonly uri: string;
  readonly passphraseUri: string | undefined;
  /** Of the variable that gives the URI: named when it is wrong. */
  readonly variable: string;
}

/**
 * Opens the key of a log or of a witness.
 *
 * @throws SymbolonError `configuration-malformed` when it is not an Ed25519 key, as notes ask for one; what the adapter throws
 */
export async function noteSignerAt(
  { uri, passphraseUri, variable }: NoteSignerPlace,
  name: string,
  type: NoteType,
): Promise<NoteSigner> {
  const signer = await signerAt(uri, passphraseUri);
  if (signer.publicJwk.kty !== 'OKP') throw new SymbolonError('configuration-malformed', { path: variable });
  return { key: noteKey(name, type, signer.publicJwk), signer };
}
