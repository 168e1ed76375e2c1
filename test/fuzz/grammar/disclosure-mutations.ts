import type { Dice } from '../dice.ts';
import { changeJsonPart, PAYLOAD_CHANGES } from './json-parts.ts';
import { type SdJwtChange, writePart } from './sd-jwt.ts';

export function shuffle<T>(list: T[], dice: Dice): void {
  for (let at = list.length - 1; at > 0; at--) {
    const other = dice.below(at + 1);
    [list[at], list[other]] = [list[other] as T, list[at] as T];
  }
}

const INVENTED = [
  ['salt', 'level', 'green'],
  ['salt', 'details', { _sd: [] }],
  ['salt', '_sd', ['AAAA']],
  ['salt', '...', 'AAAA'],
  ['salt', '__proto__', { level: 'green' }],
  ['salt', 'reason'],
  ['salt'],
  [1, 'reason', 'x'],
  { salt: 'reason' },
  'reason',
];

export const disclosures: SdJwtChange = (draft, dice, others) => {
  const { disclosures: shown } = draft;
  const at = dice.below(Math.max(1, shown.length));
  switch (dice.below(6)) {
    case 0:
      if (shown.length === 0) return undefined;
      shown.splice(dice.below(shown.length + 1), 0, shown[at] ?? '');
      return 'a disclosure twice';
    case 1:
      if (shown.length === 0) return undefined;
      shown.splice(at, 1);
      return 'a disclosure out';
    case 2:
      if (shown.length < 2) return undefined;
      shuffle(shown, dice);
      return 'disclosures in another order';
    case 3: {
      const foreign = dice.pick(others).disclosures;
      if (foreign.length === 0) return undefined;
      shown.splice(at, dice.below(2), dice.pick(foreign));
      return 'a disclosure of another credential';
    }
    case 4:
      shown.splice(at, dice.below(2), writePart(JSON.stringify(dice.pick(INVENTED))));
      return 'a disclosure that is invented';
    default:
      shown.splice(at, 0, '');
      return 'an empty disclosure';
  }
};

/** What a holder may do. */
export const selection: SdJwtChange = ({ disclosures: shown }, dice) => {
  if (shown.length === 0) return undefined;
  if (dice.oneIn(2)) shown.splice(dice.below(shown.length), 1);
  if (dice.oneIn(2)) shuffle(shown, dice);
  return 'other disclosures, in other order';
};

export const disclosureJson: SdJwtChange = ({ disclosures: shown }, dice) =>
  changeJsonPart(shown, dice.below(Math.max(1, shown.length)), PAYLOAD_CHANGES, dice);

export const manyDisclosures: SdJwtChange = (draft, dice) => {
  const count = dice.pick([29, 33, 200, 4000]);
  draft.disclosures.push(...Array.from({ length: count }, (_, i) => writePart(`["s${i}","reason","${i}"]`)));
  return 'many disclosures';
};
