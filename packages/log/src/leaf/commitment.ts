import { sha256Base64url } from '@symbolon/keys/digest';
import { type Bytes, concatBytes, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { Opening } from '@symbolon/protocol/schemas/leaf';
import * as z from 'zod/mini';

/** Bytes of a salt. With as many random ones nobody finds out by trying what a leaf is about. */
export const SALT_BYTES = 32;

const COMMITMENT = utf8('symbolon decision 1\n');
const SUBJECT = utf8('symbolon subject 1\n');

/** What a decision's leaf says of the rest: SHA-256 over a label, the salt and the opening in canonical JSON, in base64url. */
export function commitmentOf(salt: Bytes, opening: Opening): string {
  return commitmentOfText(salt, canonicalJson(z.encode(Opening, opening)));
}

/** The same of an opening that is canonical JSON already. */
export function commitmentOfText(salt: Bytes, opening: string): string {
  return digest(COMMITMENT, salt, opening);
}

/** The subject as an opening names it: another name in each, which only the region can tell. */
export function subjectTag(salt: Bytes, subject: string): string {
  return digest(SUBJECT, salt, subject);
}

/** Put together in the same place each time, as in tree/hashes.ts. */
const DATA = new Uint8Array(1024);
const UTF8_BYTES_PER_UNIT = 3;
const encoder = new TextEncoder();

function digest(label: Bytes, salt: Bytes, text: string): string {
  const from = label.length + salt.length;
  if (from + UTF8_BYTES_PER_UNIT * text.length > DATA.length)
    return sha256Base64url(concatBytes(label, salt, utf8(text)));
  DATA.set(label);
  DATA.set(salt, label.length);
  const { written } = encoder.encodeInto(text, DATA.subarray(from));
  return sha256Base64url(DATA.subarray(0, from + written));
}
