import { SymbolonError } from '@symbolon/protocol/errors';
import type { Dictionary } from '@symbolon/protocol/schemas/federation';

/** A name as it travels: its number in the dictionary, or itself. */
type PackedName = number | string;

/**
 * The first `count` names of a dictionary, by number, for one packing.
 *
 * A dictionary is append-only, so its first names are the same in every version that has them, and *how many of them a
 * packing needs* says more than a version: a verifier with an older dictionary reads a packing whose names it all knows, and
 * one with a newer dictionary packs again with exactly the names that the wallet could have used.
 */
export interface Numbering {
  pack(name: string): PackedName;
  /** @throws SymbolonError `packing-malformed` for a number that the packing itself did not announce */
  unpack(packed: PackedName): string;
  /** How many names the numbers given so far need: one more than the highest, so that there is one answer. */
  needed(): number;
}

const numbersOf = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** @throws SymbolonError `dictionary-unknown` when the dictionary has fewer names */
export function numberingOf({ names }: Dictionary, count: number): Numbering {
  // REQ-DEC-011: the packing says at its start whether this dictionary is enough.
  if (count > names.length) throw new SymbolonError('dictionary-unknown');
  const numbers = indexed(names);
  let needed = 0;
  return {
    pack: (name) => {
      const number = numbers.get(name);
      if (number === undefined || number >= count) return name;
      needed = Math.max(needed, number + 1);
      return number;
    },
    unpack: (packed) => {
      if (typeof packed === 'string') return packed;
      const name = packed < count ? names[packed] : undefined;
      if (name === undefined) throw new SymbolonError('packing-malformed');
      return name;
    },
    needed: () => needed,
  };
}

/** Built once for each dictionary. Of a name that is there twice, the first number counts. */
function indexed(names: readonly string[]): ReadonlyMap<string, number> {
  let numbers = numbersOf.get(names);
  if (numbers === undefined) {
    numbers = new Map(names.map((name, number) => [name, number] as const).reverse());
    numbersOf.set(names, numbers);
  }
  return numbers;
}
