import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@symbolon/keys/digest';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import type { Algorithm } from '@symbolon/protocol/schemas/jwk';
import type { PrivateJwk } from './private-key.ts';

/** A private key made from a text: the same text, the same key. For tests and simulations only, as anyone can make it. */
export function insecurePrivateKeyFromSeed(alg: Algorithm, seed: string): PrivateJwk {
  const secret = sha256(utf8(`symbolon test key ${alg} ${seed}`));
  if (alg === 'EdDSA') {
    const x = encodeBase64url(ed25519.getPublicKey(secret));
    return { kty: 'OKP', crv: 'Ed25519', x, d: encodeBase64url(secret) };
  }
  const point = p256.getPublicKey(secret, false);
  return {
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64url(point.subarray(1, 33)),
    y: encodeBase64url(point.subarray(33)),
    d: encodeBase64url(secret),
  };
}
