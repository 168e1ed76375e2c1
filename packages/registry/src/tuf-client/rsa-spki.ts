import { type Bytes, equalBytes, fromHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';

/** rsaEncryption with the parameters NULL (RFC 3279, section 2.3.1). */
const ALGORITHM = fromHex('300d06092a864886f70d0101010500');
const [SEQUENCE, INTEGER, BIT_STRING] = [0x30, 0x02, 0x03];

/** Big-endian, without leading zeros. */
export interface RsaPublicKey {
  readonly modulus: Bytes;
  readonly exponent: Bytes;
}

/**
 * The SubjectPublicKeyInfo of an RSA key, in DER and nothing else: shortest lengths, shortest positive integers, nothing after its end. So
 * one key has one text. Whether the numbers make a key shows when they are imported.
 *
 * @throws SymbolonError `key-malformed`
 */
export function readRsaSpki(der: Bytes): RsaPublicKey {
  const spki = readWhole(der, SEQUENCE);
  if (!equalBytes(spki.subarray(0, ALGORITHM.length), ALGORITHM)) throw new SymbolonError('key-malformed');
  const bits = readWhole(spki.subarray(ALGORITHM.length), BIT_STRING);
  // How many bits of the last byte are not used.
  if (bits[0] !== 0) throw new SymbolonError('key-malformed');
  const key = readWhole(bits.subarray(1), SEQUENCE);
  const modulus = readElement(key, INTEGER);
  const exponent = readWhole(modulus.rest, INTEGER);
  return { modulus: magnitudeOf(modulus.content), exponent: magnitudeOf(exponent) };
}

function readWhole(der: Bytes, tag: number): Bytes {
  const { content, rest } = readElement(der, tag);
  if (rest.length > 0) throw new SymbolonError('key-malformed');
  return content;
}

function readElement(der: Bytes, tag: number): { content: Bytes; rest: Bytes } {
  const { length, start } = readLength(der);
  const end = start + length;
  if (der[0] !== tag || end > der.length) throw new SymbolonError('key-malformed');
  return { content: der.subarray(start, end), rest: der.subarray(end) };
}

/** X.690, sections 8.1.3 and 10.1, of at most two bytes: no key here is longer. */
function readLength(der: Bytes): { length: number; start: number } {
  const [, first = 0, second = 0, third = 0] = der;
  if (first < 0x80) return { length: first, start: 2 };
  if (first === 0x81 && second >= 0x80) return { length: second, start: 3 };
  if (first === 0x82 && second > 0) return { length: second * 256 + third, start: 4 };
  throw new SymbolonError('key-malformed');
}

function magnitudeOf(integer: Bytes): Bytes {
  const [first = 0, second = 0] = integer;
  const isPadded = integer.length > 1 && first === 0 && second < 0x80;
  if (integer.length === 0 || first >= 0x80 || isPadded) throw new SymbolonError('key-malformed');
  return first === 0 ? integer.subarray(1) : integer;
}
