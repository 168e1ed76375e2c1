import { algorithmOf } from '@symbolon/keys/algorithms';
import { kidOf } from '@symbolon/keys/kid';
import { verifySignature } from '@symbolon/keys/signature';
import { SymbolonError } from '@symbolon/protocol/errors';
import { check, Kid } from '@symbolon/protocol/schemas/common';
import { Algorithm, PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { readInput } from '../files/read-input.ts';

/** A public key as a file, `NAME.pub.json`: what an admin hands to the others. */
const PublicKeyFile = z.object({ kid: Kid, alg: Algorithm, jwk: PublicJwk });

const NOTHING = new Uint8Array();

export function publicKeyText(jwk: PublicJwk): string {
  const file = { kid: kidOf(jwk), alg: algorithmOf(jwk).alg, jwk };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Beside `NAME.jwe`: `NAME.pub.json`. */
export function publicKeyPath(keyFile: string): string {
  return keyFile.replace(/\.jwe$/, '.pub.json');
}

/**
 * Whether the key is the one that someone means, only its thumbprint says: compare it with what that person reads out.
 *
 * @throws SymbolonError `key-malformed`, also when `kid` or `alg` do not follow from the key, or it is no point of its curve
 */
export async function readPublicKeyFile(path: string): Promise<PublicJwk> {
  const text = await readInput(path);
  const { kid, alg, jwk } = check(PublicKeyFile, parse(text), 'key-malformed');
  if (kid !== kidOf(jwk) || alg !== algorithmOf(jwk).alg) throw new SymbolonError('key-malformed');
  // A key that cannot be imported would be found out when nobody can sign any more.
  await verifySignature(jwk, NOTHING, new Uint8Array(algorithmOf(jwk).signatureBytes));
  return jwk;
}

function parse(text: string) {
  try {
    return parseStrictJson(text);
  } catch (cause) {
    throw new SymbolonError('key-malformed', { cause });
  }
}
