import { jwkFromPem } from '@symbolon/keys/spki';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { fromHex } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { check } from '@symbolon/protocol/schemas/common';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import type { TufKey } from '../metadata/profile.ts';
import { rsaPssKey } from './rsa-pss.ts';

const KeyObject = z.object({
  keytype: z.string().check(z.maxLength(64)),
  scheme: z.string().check(z.maxLength(64)),
  keyval: z.object({ public: z.string().check(z.maxLength(4096)) }),
});

/**
 * Kinds of keys by `keytype` and `scheme` (TUF 1.0, section 4.2.2). The second name of P-256 is what the reference implementation wrote
 * before 1.0.
 */
const KINDS: Readonly<Record<string, (text: string) => TufKey>> = {
  'ecdsa/ecdsa-sha2-nistp256': jwkFromPem,
  'ecdsa-sha2-nistp256/ecdsa-sha2-nistp256': jwkFromPem,
  'ed25519/ed25519': (text) => ({ kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(fromHex(text)) }),
  'rsa/rsassa-pss-sha256': rsaPssKey,
};

/**
 * TUF lets a repository use kinds of keys that this client does not know. Such a key, or a damaged one, verifies nothing; the file that
 * lists it stands.
 *
 * @throws SymbolonError `metadata-malformed` when it has not the form of a key object
 */
export function readPlainKey(json: JsonObject): TufKey {
  const { keytype, scheme, keyval } = check(KeyObject, json, 'metadata-malformed');
  const kind = `${keytype}/${scheme}`;
  const read = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  try {
    if (read !== undefined) return read(keyval.public);
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
  }
  return { identity: `${kind}/${keyval.public}`, verifies: async () => false };
}
