import type { Dice } from '../dice.ts';
import { AMBIGUITIES, CHANGES, changeTree, SPELLINGS, withMember } from './json-mutations.ts';
import { textOf, treeOf } from './json-tree.ts';
import { readPart, writePart } from './sd-jwt.ts';
import { CLAIM_VALUES, CLAIMS, HEADER_VALUES, HEADERS } from './vocabulary.ts';

export const HEADER_CHANGES = {
  ...CHANGES,
  ...AMBIGUITIES,
  ...SPELLINGS,
  'a header more': withMember(HEADERS, HEADER_VALUES),
};
export const PAYLOAD_CHANGES = {
  ...CHANGES,
  ...AMBIGUITIES,
  ...SPELLINGS,
  'a claim more': withMember(CLAIMS, CLAIM_VALUES),
};

/** The JSON of a part, changed; a part that is no JSON (any more) is left. */
export function changeJsonPart(
  parts: string[],
  at: number,
  changes: typeof CHANGES,
  dice: Dice,
): string | undefined {
  const part = parts[at];
  if (part === undefined) return undefined;
  try {
    const tree = treeOf(readPart(part));
    const how = changeTree(tree, changes, dice);
    parts[at] = writePart(textOf(tree));
    return how;
  } catch {
    return undefined;
  }
}
