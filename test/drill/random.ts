/**
 * Draws that depend on nothing but their coordinates: hour 800 of a run is the same whether the hours before it were run once, twice or in a fork.
 * Not for anything that must be unforeseeable.
 */
export type Draw = (bound: number, ...coordinates: readonly number[]) => number;

/** @returns whole numbers from 0 to below `bound` */
export function drawsFrom(seed: number): Draw {
  return (bound, ...coordinates) => {
    let mixed = mix(seed);
    for (const each of coordinates) mixed = mix(mixed ^ Math.imul(each + 1, 0x9e3779b1));
    return mixed % bound;
  };
}

/** The finaliser of MurmurHash3: every bit of the input changes half of the output. */
function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
