import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, concatBytes, fromHex, toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { P256Jwk } from '@symbolon/protocol/schemas/jwk';

/** P-256 (FIPS 186-5, SP 800-186, section 3.2.1.3): y^2 = x^3 - 3x + B, modulo P. */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** 33 bytes: SEC 1, section 2.3.3. The parity of y leads; whether the point lies on the curve is not checked here. */
export function compressPoint(jwk: P256Jwk): Bytes {
  const y = decodeBase64url(jwk.y);
  return concatBytes(Uint8Array.of(0x02 | ((y[31] ?? 0) & 1)), decodeBase64url(jwk.x));
}

/**
 * SEC 1, section 2.3.4. Public values only: the time that it takes depends on them.
 *
 * @throws SymbolonError `key-malformed` when no point of the curve has this x.
 */
export function expandPoint(compressed: Uint8Array): P256Jwk {
  const [parity] = compressed;
  if (compressed.length !== 33 || (parity !== 0x02 && parity !== 0x03))
    throw new SymbolonError('key-malformed');
  const x = BigInt(`0x${toHex(compressed.subarray(1))}`);
  const square = (((x * x - 3n) % P) * x + B) % P;
  const root = power((square + P) % P, (P + 1n) / 4n);
  // Where there is no root, this is one of the negative. There is none with y = 0: the order of the curve is odd.
  if (x >= P || (root * root - square) % P !== 0n) throw new SymbolonError('key-malformed');
  const y = root % 2n === BigInt(parity & 1) ? root : P - root;
  return {
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64url(compressed.subarray(1)),
    y: encodeBase64url(fromHex(y.toString(16).padStart(64, '0'))),
  };
}

/** Modulo P, by squaring (P is 3 modulo 4, so the power (P + 1) / 4 of a square is a root of it). */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % P;
    if (bit === '1') result = (result * base) % P;
  }
  return result;
}
