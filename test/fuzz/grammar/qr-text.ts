import type { Dice } from '../dice.ts';

type Change = (text: string, dice: Dice) => string;

const at = (text: string, dice: Dice) => 5 + dice.below(Math.max(1, text.length - 5));

/** What may befall a QR text as text: its prefix and its base45 (RFC 9285). */
const CHANGES: Readonly<Record<string, Change>> = {
  'lower case': (text) => text.slice(0, 5) + text.slice(5).toLowerCase(),
  'one letter in lower case': (text, dice) => {
    const place = at(text, dice);
    return text.slice(0, place) + text.charAt(place).toLowerCase() + text.slice(place + 1);
  },
  'a group beyond its bytes': (text, dice) => {
    const place = 5 + 3 * dice.below(Math.max(1, Math.floor((text.length - 5) / 3)));
    return text.slice(0, place) + dice.pick([':::', 'GGX', 'ZZZ']) + text.slice(place + 3);
  },
  'a group that wraps round': (text, dice) => {
    // 65536 more in three digits: the same 16 bits, for a reader that lets them overflow.
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
    const place = 5 + 3 * dice.below(Math.max(1, Math.floor((text.length - 5) / 3)));
    const digits = [...text.slice(place, place + 3)].map((digit) => alphabet.indexOf(digit));
    const value = (digits[0] ?? 0) + 45 * (digits[1] ?? 0) + 2025 * (digits[2] ?? 0) + 65_536;
    const group = [value % 45, Math.floor(value / 45) % 45, Math.floor(value / 2025)];
    return (
      text.slice(0, place) + group.map((digit) => alphabet[digit] ?? ':').join('') + text.slice(place + 3)
    );
  },
  'a character left over': (text, dice) => text + dice.pick(['0', 'A', ':', '00', '000', ' ']),
  'a character out': (text, dice) => {
    const place = at(text, dice);
    return text.slice(0, place) + text.slice(place + 1);
  },
  'another character': (text, dice) => {
    const place = at(text, dice);
    return text.slice(0, place) + dice.pick([...'0A:$%*+-./ é\n_=\0']) + text.slice(place + 1);
  },
  'white space': (text, dice) => {
    const place = dice.below(text.length + 1);
    return text.slice(0, place) + dice.pick([' ', '\n', '\t', '\u00a0', '\ufeff']) + text.slice(place);
  },
  'another prefix': (text, dice) =>
    dice.pick([
      'sym1:',
      'SYM2:',
      'SYM0:',
      'SYM01:',
      'SYM1',
      'SYM1::',
      'SYM',
      'SYM1: ',
      'HC1:',
      ' SYM1:',
      '~SYM1:',
    ]) + text.slice(5),
  'cut short': (text, dice) => text.slice(0, dice.below(text.length)),
  twice: (text) => text + text,
};

export function changeQrText(text: string, dice: Dice): { text: string; how: string } {
  const [how, change] = dice.pick(Object.entries(CHANGES));
  return { text: change(text, dice), how };
}
