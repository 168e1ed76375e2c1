import { verifySignature } from '@symbolon/keys/signature';
import type { Signer } from '@symbolon/keys/signer';
import { type Bytes, concatBytes, utf8 } from '@symbolon/protocol/bytes';
import { type Instant, instant } from '@symbolon/protocol/instant';
import { formatSignature, type NoteSignature } from './note.ts';
import type { NoteKey } from './note-key.ts';

const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** Signs a checkpoint as a witness: cosignature/v1 (C2SP tlog-cosignature). @returns the signature line */
export async function cosign(text: string, key: NoteKey, signer: Signer, at: Instant): Promise<string> {
  const signature = await signer.sign(signedBytes(text, at));
  const time = new Uint8Array(TIME_BYTES);
  new DataView(time.buffer).setBigUint64(0, BigInt(at));
  return formatSignature(key.name, key.id, concatBytes(time, signature));
}

/** When a witness says that it saw the checkpoint, or nothing when the signature is not right. */
export async function verifyCosignature(
  text: string,
  key: NoteKey,
  { signature }: NoteSignature,
): Promise<Instant | undefined> {
  if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  // Zero says nothing of when, and the rest is beyond any clock.
  if (time === 0n || time > BigInt(LATEST)) return undefined;
  const at = instant(Number(time));
  const isRight = await verifySignature(key.jwk, signedBytes(text, at), signature.subarray(TIME_BYTES));
  return isRight ? at : undefined;
}

/** The end of the year 9999: what our times can say. */
const LATEST = 253_402_300_799;

function signedBytes(text: string, at: Instant): Bytes {
  return utf8(`cosignature/v1\ntime ${at}\n${text}`);
}
