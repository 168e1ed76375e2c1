import type { RandomBytes } from '@symbolon/protocol/random';

/** Enough for the salts and decoys of a credential of either format. */
const BYTES_OF_A_CREDENTIAL = 192;

/** The same source, drawn from for many credentials at once: one system call costs more than all the hashes of a credential. Every byte is used once. */
export function randomInOneDraw(random: RandomBytes, credentials: number): RandomBytes {
  const draw = BYTES_OF_A_CREDENTIAL * credentials;
  let drawn = random(draw);
  let at = 0;
  return (length) => {
    if (length > draw) return random(length);
    if (at + length > drawn.length) {
      drawn = random(draw);
      at = 0;
    }
    const bytes = drawn.slice(at, at + length);
    drawn.fill(0, at, at + length);
    at += length;
    return bytes;
  };
}
