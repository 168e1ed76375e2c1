import type { RandomBytes } from '@symbolon/protocol/random';

/** A new array in random order (Fisher and Yates), drawn at once. @param values at most 2^16; what 32 bits leave of a fair choice is below 2^-16 */
export function shuffled<T>(values: readonly T[], random: RandomBytes): T[] {
  const out = [...values];
  const { buffer, byteOffset } = random(4 * out.length);
  const numbers = new DataView(buffer, byteOffset);
  for (let last = out.length - 1; last > 0; last--) {
    const other = numbers.getUint32(4 * last) % (last + 1);
    const [a, b] = [out[last], out[other]];
    if (a !== undefined && b !== undefined) {
      out[last] = b;
      out[other] = a;
    }
  }
  return out;
}
