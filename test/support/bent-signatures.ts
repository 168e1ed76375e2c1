import { derFromRaw } from '@symbolon/keys/ecdsa-der';
import type { Signer } from '@symbolon/keys/signer';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, concatBytes, fromHex, toHex } from '@symbolon/protocol/bytes';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { fromBase58, toBase58 } from './base58.ts';

/** Signatures and keys as a forger bends them: what some verifiers take, and none should. */

/** The order of P-256 (SP 800-186, section 3.2.1.3) and of Ed25519's base point (RFC 8032, section 5.1). */
export const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

export type Bend = (raw: Bytes) => Bytes;

/** A signer whose signatures are bent, however genuine they were. */
export function bent(signer: Signer, bend: Bend): Signer {
  return { ...signer, sign: async (data) => bend(await signer.sign(data)) };
}

const big = (bytes: Uint8Array) => BigInt(`0x${toHex(bytes)}`);
const bytes32 = (value: bigint) => fromHex(value.toString(16).padStart(64, '0'));
const withR = (raw: Bytes, r: bigint) => concatBytes(bytes32(r), raw.subarray(32));
const withS = (raw: Bytes, s: bigint) => concatBytes(raw.subarray(0, 32), bytes32(s));

/** The second signature that anyone can make of an ES256 one: as valid as the first. */
export const malleated: Bend = (raw) => withS(raw, N - big(raw.subarray(32)));

/** The same for Ed25519, which a strict verifier refuses (RFC 8032, section 5.1.7). */
export const plusOrder: Bend = (raw) => {
  const s = BigInt(`0x${toHex(raw.slice(32).reverse())}`) + L;
  return concatBytes(raw.subarray(0, 32), fromHex(s.toString(16).padStart(64, '0')).reverse());
};

/** Of an ES256 signature: not one of these is one. */
export const BENDS: readonly (readonly [name: string, bend: Bend])[] = [
  ['r is 0', (raw) => withR(raw, 0n)],
  ['s is 0', (raw) => withS(raw, 0n)],
  ['r and s are 0', () => new Uint8Array(64)],
  ['r is n', (raw) => withR(raw, N)],
  ['s is n', (raw) => withS(raw, N)],
  ['r and s are n', () => concatBytes(bytes32(N), bytes32(N))],
  ['r and s are 1', () => concatBytes(bytes32(1n), bytes32(1n))],
  ['r is n and s is 0', () => concatBytes(bytes32(N), bytes32(0n))],
  ['all bits are set', () => new Uint8Array(64).fill(0xff)],
  ['r and s are swapped', (raw) => concatBytes(raw.subarray(32), raw.subarray(0, 32))],
  ['63 bytes: one is missing', (raw) => raw.slice(0, 63)],
  ['63 bytes: the first is missing', (raw) => raw.slice(1)],
  ['65 bytes: one is behind it', (raw) => concatBytes(raw, new Uint8Array(1))],
  ['65 bytes: one is before it', (raw) => concatBytes(new Uint8Array(1), raw)],
  ['65 bytes: a recovery id', (raw) => concatBytes(raw, Uint8Array.of(0x1b))],
  ['DER', (raw) => derFromRaw(raw)],
  ['DER, cut to 64 bytes', (raw) => derFromRaw(raw).slice(0, 64)],
  ['128 bytes: twice', (raw) => concatBytes(raw, raw)],
  ['nothing but one byte', () => new Uint8Array(1)],
];

/** `y` of the points of Ed25519 that have no secret: orders 1, 2, 4 and 8, and the two that are written beyond the prime. */
const P = 2n ** 255n - 19n;
const Y8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7n;
const SMALL_Y = [1n, P - 1n, 0n, Y8, P - Y8, P, P + 1n];

/** All of them, in both spellings of the sign of x. */
export const SMALL_ORDER: readonly Bytes[] = SMALL_Y.flatMap((y) =>
  [0n, 1n].map((sign) => fromHex((y | (sign << 255n)).toString(16).padStart(64, '0')).reverse()),
);

export const jwkOf = (point: Uint8Array): PublicJwk => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: encodeBase64url(point),
});

/**
 * What a forger signs with who has no secret, for a key of small order: `s` is 0 and `r` a point of small order. For a lax verifier one in eight of such
 * signatures holds, and for the neutral point each.
 */
export function withoutSecret(key: Signer, r: Uint8Array): Signer {
  return { ...key, sign: async () => concatBytes(r, new Uint8Array(32)) };
}

/** The signature of a Data Integrity proof (`z` and base58btc), bent. */
export function bentProofValue(proofValue: string, bend: Bend): string {
  return `z${toBase58(bend(fromBase58(proofValue.slice(1))))}`;
}

/** The signature at the end of a JWT, bent. */
export function bentJwt(jwt: string, bend: Bend): string {
  const cut = jwt.lastIndexOf('.') + 1;
  return jwt.slice(0, cut) + encodeBase64url(bend(decodeBase64url(jwt.slice(cut))));
}
