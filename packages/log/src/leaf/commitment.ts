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

function digest(label: Bytes, salt: Bytes, text: string): string {
  return sha256Base64url(concatBytes(label, salt, utf8(text)));
}
