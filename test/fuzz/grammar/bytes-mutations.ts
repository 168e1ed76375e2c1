import type { Dice } from '../dice.ts';

type BytesChange = (bytes: Uint8Array, dice: Dice) => Uint8Array;

/** Of the bytes of a bundle, packed or inflated. */
export const BYTES: Readonly<Record<string, BytesChange>> = {
  'a bit': (bytes, dice) => {
    const at = dice.below(bytes.length);
    return bytes.map((byte, i) => (i === at ? byte ^ (1 << dice.below(8)) : byte));
  },
  'a bit of the head': (bytes, dice) => {
    const at = dice.below(40);
    return bytes.map((byte, i) => (i === at ? byte ^ (1 << dice.below(8)) : byte));
  },
  'cut short': (bytes, dice) => bytes.slice(0, dice.below(bytes.length)),
  'bytes behind it': (bytes, dice) => Buffer.concat([bytes, dice.bytes(1 + dice.below(16))]),
  'zeros behind it': (bytes) => Buffer.concat([bytes, new Uint8Array(64)]),
  'bytes between': (bytes, dice) => {
    const at = dice.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), dice.bytes(1 + dice.below(4)), bytes.subarray(at)]);
  },
  'bytes out': (bytes, dice) => {
    const at = dice.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + dice.below(4))]);
  },
  'big numbers in the head': (bytes, dice) => {
    const at = 18 + dice.below(12);
    return bytes.map((byte, i) => (i >= at && i < at + 4 ? 0xff : byte));
  },
  'another name of a path': (bytes, dice) => {
    const text = Buffer.from(bytes).toString('latin1');
    const [from, to] = dice.pick([
      ['regions/', 'regionz/'],
      ['lists/', 'list../'],
      ['metadata/', '../metada'],
      ['CN-BJ', 'CN-GD'],
      ['.json', '.jsoN'],
      ['CN-BJ', 'cn-bj'],
    ]);
    return Buffer.from(text.replaceAll(from, to), 'latin1');
  },
};
