/** Told apart by people with a colour vision deficiency, too (after Okabe and Ito). Each label begins with its outcome. */
const COLOURS: readonly (readonly [label: string, colour: string])[] = [
  ['accepted stale-warn', '#8fd0b8'],
  ['accepted', '#009e73'],
  ['referred', '#e69f00'],
  ['refused', '#b3262a'],
];

export function colourOf(label: string): string {
  return COLOURS.find(([start]) => label.startsWith(start))?.[1] ?? '#52606d';
}

/** Accepted below, refused on top. */
export function byOutcome(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

const ORDER = ['accepted', 'referred', 'refused'];

function rank(label: string): number {
  return ORDER.findIndex((outcome) => label.startsWith(outcome));
}

/** In words, for a legend. */
export function wordsOf(label: string): string {
  const [outcome = '', ...codes] = label.split(' ');
  return codes.length === 0 ? outcome : `${outcome}: ${codes.join(', ')}`;
}
