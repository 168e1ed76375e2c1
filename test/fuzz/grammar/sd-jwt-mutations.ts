import type { Dice } from '../dice.ts';
import { changeCharacters } from './characters.ts';
import { disclosureJson, disclosures, manyDisclosures, selection, shuffle } from './disclosure-mutations.ts';
import { AMBIGUITIES, SPELLINGS } from './json-mutations.ts';
import { changeJsonPart, HEADER_CHANGES, PAYLOAD_CHANGES } from './json-parts.ts';
import { textOf, treeFrom } from './json-tree.ts';
import { readPart, type SdJwtChange, type SdJwtDraft, writePart } from './sd-jwt.ts';
import { changeSignature } from './signature.ts';
import { ALGORITHMS } from './vocabulary.ts';

const either = (draft: SdJwtDraft, dice: Dice) =>
  draft.kb !== undefined && dice.oneIn(3) ? draft.kb : draft.jwt;

const characters: SdJwtChange = (draft, dice) => {
  const where = dice.below(draft.disclosures.length > 0 ? 3 : 2);
  const parts = where === 2 ? draft.disclosures : either(draft, dice);
  const at = dice.below(parts.length);
  const { text, how } = changeCharacters(parts[at] ?? '', dice);
  parts[at] = text;
  return how;
};

const algorithm: SdJwtChange = (draft, dice) => {
  const parts = either(draft, dice);
  try {
    const header: unknown = JSON.parse(readPart(parts[0] ?? ''));
    const alg = dice.pick(ALGORITHMS);
    parts[0] = writePart(textOf(treeFrom({ ...(header as object), alg })));
    if (dice.oneIn(2)) parts[2] = '';
    return `algorithm ${String(alg)}`;
  } catch {
    return undefined;
  }
};

const signature: SdJwtChange = (draft, dice) => {
  const parts = either(draft, dice);
  const { bytes, how } = changeSignature(Buffer.from(parts[2] ?? '', 'base64url'), dice);
  parts[2] = Buffer.from(bytes).toString('base64url');
  return how;
};

const partsOfToken: SdJwtChange = (draft, dice, others) => {
  const parts = either(draft, dice);
  const other = either(dice.pick(others), dice);
  const at = dice.below(3);
  switch (dice.below(6)) {
    case 0:
      parts.splice(at, 1);
      return 'a part out';
    case 1:
      parts.splice(dice.below(4), 0, dice.pick(['', 'e30', ...other]));
      return 'a part more';
    case 2:
      shuffle(parts, dice);
      return 'parts shuffled';
    case 3:
      parts[at] = '';
      return 'a part empty';
    case 4:
      parts[at] = other[dice.oneIn(3) ? dice.below(3) : at] ?? '';
      return 'a part of another token';
    default:
      parts.splice(0, 3, ...other);
      return 'another token';
  }
};

const keyBinding: SdJwtChange = (draft, dice, others) => {
  if (dice.oneIn(3)) {
    draft.kb = undefined;
    return 'the key binding off';
  }
  const other = dice.pick(others);
  draft.kb = dice.oneIn(3) ? [...other.jwt] : other.kb && [...other.kb];
  return 'the key binding of another credential';
};

/** For a text that nobody signs anew. */
export const ANYONES: readonly SdJwtChange[] = [
  characters,
  characters,
  characters,
  algorithm,
  signature,
  signature,
  partsOfToken,
  disclosures,
  disclosureJson,
  keyBinding,
  keyBinding,
  (draft, dice) => changeJsonPart(either(draft, dice), 0, HEADER_CHANGES, dice),
  (draft, dice) => changeJsonPart(either(draft, dice), 1, PAYLOAD_CHANGES, dice),
  (draft, dice, others) => (dice.oneIn(20) ? manyDisclosures(draft, dice, others) : undefined),
];

/** For what a holder is about to bind: she shows what she likes of what she has. */
export const HOLDERS: readonly SdJwtChange[] = [selection, selection, selection, disclosures, disclosureJson];
export const BINDINGS: readonly ((kb: string[], dice: Dice) => string | undefined)[] = [
  (kb, dice) => changeJsonPart(kb, 0, HEADER_CHANGES, dice),
  (kb, dice) => changeJsonPart(kb, 1, PAYLOAD_CHANGES, dice),
];

/** For what an issuer is about to sign: the same, in other words; and what is not to be taken even from an issuer. */
export const ISSUERS: readonly SdJwtChange[] = [
  ({ jwt }, dice) => changeJsonPart(jwt, 0, { ...SPELLINGS, ...AMBIGUITIES }, dice),
  ({ jwt }, dice) => changeJsonPart(jwt, 1, { ...SPELLINGS, ...AMBIGUITIES }, dice),
  ({ jwt }, dice) => changeJsonPart(jwt, 1, { ...SPELLINGS }, dice),
  disclosureJson,
  disclosures,
];
