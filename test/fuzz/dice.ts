import { drawsFrom } from '../drill/random.ts';

/** Foreseeable throws: the same coordinates give the same ones. */
export interface Dice {
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number;
  /** True once in so many times. */
  oneIn(times: number): boolean;
  /** @throws Error for an empty list */
  pick<T>(list: readonly T[]): T;
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/** For the mutant of this number: it depends on no other one, so it can be made alone. */
export function diceFor(seed: number, mutant: number): Dice {
  const draw = drawsFrom(seed);
  let throws = 0;
  const below = (bound: number) => draw(bound, mutant, throws++);
  return {
    below,
    oneIn: (times) => below(times) === 0,
    pick: (list) => {
      const at = below(list.length);
      const chosen = list[at];
      if (chosen === undefined && !(at in list)) throw new Error('there is nothing to pick from');
      return chosen as (typeof list)[number];
    },
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  };
}
