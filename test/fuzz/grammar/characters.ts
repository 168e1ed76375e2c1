import type { Dice } from '../dice.ts';

const ODD = [
  ' ',
  '\n',
  '\t',
  '\r\n',
  '\u00a0',
  '\ufeff',
  '\u2028',
  '=',
  '==',
  '+',
  '/',
  '%41',
  '\0',
  '.',
  '~',
  'é',
  '"',
];
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

type Change = (text: string, dice: Dice) => string;

/** What may befall a text of base64url: other alphabets, padding, white space, and digits whose last bits are not used. */
const CHANGES: Readonly<Record<string, Change>> = {
  'odd character': (text, dice) => insert(text, dice.below(text.length + 1), dice.pick(ODD)),
  'white space at the end': (text, dice) => text + dice.pick([' ', '\n', '\t']),
  padding: (text) => text + '='.repeat((4 - (text.length % 4)) % 4 || 4),
  'other alphabet': (text) => text.replaceAll('-', '+').replaceAll('_', '/'),
  'unused bits': (text, dice) => {
    const last = ALPHABET.indexOf(text.at(-1) ?? '');
    const unused = text.length % 4 === 2 ? 15 : text.length % 4 === 3 ? 3 : 0;
    if (last < 0 || unused === 0) return text;
    return (
      text.slice(0, -1) +
      ALPHABET.charAt((last & ~unused) | (((last & unused) + 1 + dice.below(unused)) & unused))
    );
  },
  'one digit': (text, dice) => {
    const at = dice.below(Math.max(1, text.length));
    return text.slice(0, at) + dice.pick([...ALPHABET]) + text.slice(at + 1);
  },
  'one digit out': (text, dice) => {
    const at = dice.below(Math.max(1, text.length));
    return text.slice(0, at) + text.slice(at + 1);
  },
  'cut short': (text, dice) => text.slice(0, dice.below(text.length + 1)),
  'other case': (text) => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase()),
  'digit more': (text, dice) => text + dice.pick([...ALPHABET]),
  'percent encoding': (text, dice) => {
    const at = dice.below(Math.max(1, text.length));
    const code = text.charCodeAt(at);
    return Number.isNaN(code) ? text : `${text.slice(0, at)}%${code.toString(16)}${text.slice(at + 1)}`;
  },
  empty: () => '',
};

export function changeCharacters(text: string, dice: Dice): { text: string; how: string } {
  const [how, change] = dice.pick(Object.entries(CHANGES));
  return { text: change(text, dice), how };
}

function insert(text: string, at: number, more: string): string {
  return text.slice(0, at) + more + text.slice(at);
}
