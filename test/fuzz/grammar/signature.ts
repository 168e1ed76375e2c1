import { derFromRaw } from '@symbolon/keys/ecdsa-der';
import { N } from '../../support/bent-signatures.ts';
import type { Dice } from '../dice.ts';

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function bytesOf(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * (31 - i))) & 255n));
}

type Change = (r: bigint, s: bigint, dice: Dice) => readonly [bigint, bigint];

/** Of an ECDSA signature. The first gives another one that is as good: it may make no difference to anything. */
const NUMBERS: Readonly<Record<string, Change>> = {
  's as n - s': (r, s) => [r, N - s],
  'r as n - r': (r, s) => [N - r, s],
  'r and s swapped': (r, s) => [s, r],
  'r zero': (_, s) => [0n, s],
  's zero': (r) => [r, 0n],
  'both zero': () => [0n, 0n],
  'r is n': (_, s) => [N, s],
  's is n': (r) => [r, N],
  's past n': (r, s) => [r, (s + N) % (1n << 256n)],
  'r past n': (r, s) => [(r + N) % (1n << 256n), s],
  'both one': () => [1n, 1n],
  'one bit of s': (r, s, dice) => [r, s ^ (1n << BigInt(dice.below(256)))],
};

type BytesChange = (signature: Uint8Array, dice: Dice) => Uint8Array;
const LENGTHS: Readonly<Record<string, BytesChange>> = {
  'a byte more': (signature, dice) => Uint8Array.from([...signature, dice.below(256)]),
  'a byte before': (signature) => Uint8Array.from([0, ...signature]),
  'a byte less': (signature) => signature.slice(0, -1),
  'as DER': (signature) => derFromRaw(signature),
  none: () => new Uint8Array(0),
};

/** Of 64 bytes, R and S. Of others, one bit. */
export function changeSignature(signature: Uint8Array, dice: Dice): { bytes: Uint8Array; how: string } {
  if (signature.length !== 64)
    return { bytes: signature.map((byte) => byte ^ (1 << dice.below(8))), how: 'bits' };
  if (dice.oneIn(4)) {
    const [how, change] = dice.pick(Object.entries(LENGTHS));
    return { bytes: change(signature, dice), how };
  }
  const [how, change] = dice.pick(Object.entries(NUMBERS));
  const [r, s] = change(numberOf(signature.subarray(0, 32)), numberOf(signature.subarray(32)), dice);
  return { bytes: Uint8Array.from([...bytesOf(r), ...bytesOf(s)]), how };
}
