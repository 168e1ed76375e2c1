import { sha256 } from '@symbolon/keys/digest';
import { decodeBase64, decodeBase64url, encodeBase64, encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, concatBytes, equalBytes, toHex, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Ed25519Jwk } from '@symbolon/protocol/schemas/jwk';
import { LogName } from '@symbolon/protocol/schemas/log';
import * as z from 'zod/mini';

/** Signature types of C2SP signed-note: a log's own, and a witness's cosignature/v1. */
export const NOTE_TYPE = { log: 0x01, witness: 0x04 } as const;
export type NoteType = (typeof NOTE_TYPE)[keyof typeof NOTE_TYPE];

/** A public key as notes know it. The signature type belongs to the key, never to the message. */
export interface NoteKey {
  readonly name: string;
  readonly type: NoteType;
  readonly jwk: Ed25519Jwk;
  /** Four bytes: SHA-256(name || 0x0A || type || public key), cut. */
  readonly id: Bytes;
}

const KEY_ID_BYTES = 4;

export function noteKey(name: string, type: NoteType, jwk: Ed25519Jwk): NoteKey {
  const hash = sha256(concatBytes(utf8(`${name}\n`), Uint8Array.of(type), decodeBase64url(jwk.x)));
  return { name, type, jwk, id: hash.slice(0, KEY_ID_BYTES) };
}

/** `<name>+<key id>+<base64 of type and key>`: how such a key is given to others (C2SP signed-note, "Verifier keys"). */
export function formatVerifierKey({ name, type, jwk, id }: NoteKey): string {
  return `${name}+${toHex(id)}+${encodeBase64(concatBytes(Uint8Array.of(type), decodeBase64url(jwk.x)))}`;
}

/** @throws SymbolonError `key-malformed`, also when the key id is not that of the key, or the type is another one */
export function parseVerifierKey(text: string): NoteKey {
  // Base64 may hold a plus sign itself.
  const [, name = '', id = '', encoded = ''] =
    /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const bytes = bytesOf(encoded);
  const type = Object.values(NOTE_TYPE).find((each) => each === bytes[0]);
  if (type === undefined || bytes.length !== 33 || !z.safeParse(LogName, name).success)
    throw new SymbolonError('key-malformed');
  const jwk: Ed25519Jwk = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(bytes.subarray(1)) };
  const key = noteKey(name, type, jwk);
  if (toHex(key.id) !== id) throw new SymbolonError('key-malformed');
  return key;
}

function bytesOf(base64: string): Bytes {
  try {
    return decodeBase64(base64);
  } catch {
    throw new SymbolonError('key-malformed');
  }
}

export function isSignedBy(key: NoteKey, { name, id }: { name: string; id: Uint8Array }): boolean {
  return key.name === name && equalBytes(key.id, id);
}
