import type { Dice } from '../dice.ts';
import { type CborItem, itemsOf, MAJOR, textItem, writeCbor } from './cbor.ts';

/** One change somewhere. Answers whether there was a place for it. */
type Change = (item: CborItem, dice: Dice, names: readonly string[]) => boolean;

function somewhere(
  test: (item: CborItem) => boolean,
  change: (item: CborItem, dice: Dice, names: readonly string[]) => void,
): Change {
  return (root, dice, names) => {
    const all = itemsOf(root).filter(test);
    if (all.length === 0) return false;
    change(dice.pick(all), dice, names);
    return true;
  };
}

const isAny = () => true;
const isNumber = ({ major }: CborItem) => major === MAJOR.unsigned || major === MAJOR.negative;
const isString = ({ content }: CborItem) => content !== undefined;
const isArray = ({ major }: CborItem) => major === MAJOR.array;
const isSimple = ({ major, float }: CborItem) => major === MAJOR.simple && float === undefined;

function become(item: CborItem, other: CborItem): void {
  for (const key of Object.keys(item)) Reflect.deleteProperty(item, key);
  Object.assign(item, other);
}

function resize(item: CborItem): void {
  const length = item.content?.length ?? item.items?.length ?? 0;
  item.argument = BigInt(item.major === MAJOR.map ? length >> 1 : length);
}

function numberOf({ major, argument }: CborItem): number {
  return major === MAJOR.negative ? -1 - Number(argument) : Number(argument);
}

function float(value: number, bytes: 4 | 8): Uint8Array {
  const out = new DataView(new ArrayBuffer(bytes));
  if (bytes === 4) out.setFloat32(0, value);
  else out.setFloat64(0, value);
  return new Uint8Array(out.buffer);
}

const ODD: readonly CborItem[] = [
  { major: MAJOR.simple, argument: 20n },
  { major: MAJOR.simple, argument: 21n },
  { major: MAJOR.simple, argument: 22n },
  { major: MAJOR.simple, argument: 23n },
  { major: MAJOR.simple, argument: 255n, width: 1 },
  { major: MAJOR.simple, argument: 20n, width: 1 },
  { major: MAJOR.unsigned, argument: 0n },
  { major: MAJOR.unsigned, argument: (1n << 64n) - 1n },
  { major: MAJOR.negative, argument: (1n << 64n) - 1n },
  { major: MAJOR.unsigned, argument: 1n << 53n },
  { major: MAJOR.bytes, argument: 0n, content: new Uint8Array() },
  { major: MAJOR.text, argument: 0n, content: new Uint8Array() },
  { major: MAJOR.array, argument: 0n, items: [] },
  { major: MAJOR.map, argument: 0n, items: [] },
  { major: MAJOR.array, argument: 0xffffffffn, items: [] },
  { major: MAJOR.bytes, argument: 0xffffffffn, content: new Uint8Array() },
];

/** Other ways to write the same items: all but the one are refused. */
const FORMS: Readonly<Record<string, Change>> = {
  'a longer head': somewhere(isAny, (item, dice) => {
    const widths = [1, 2, 4, 8].filter((width) => item.argument < 1n << BigInt(8 * width));
    item.width = widths[dice.below(widths.length)] ?? 8;
  }),
  'of unknown length': somewhere(
    ({ content, items }) => (content ?? items) !== undefined,
    (item) => {
      item.indefinite = true;
    },
  ),
  'under a tag': somewhere(isAny, (item, dice) => {
    const argument = dice.pick([0n, 1n, 2n, 3n, 24n, 32n, 37n, 55_799n, 1n << 40n]);
    become(item, { major: MAJOR.tag, argument, items: [{ ...item }] });
  }),
  'a number as a float': somewhere(isNumber, (item, dice) => {
    become(item, { major: MAJOR.simple, argument: 0n, float: float(numberOf(item), dice.pick([4, 8])) });
  }),
  'a number as a big one': somewhere(isNumber, (item) => {
    const digits = item.argument.toString(16);
    const content = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
    const inner = { major: MAJOR.bytes, argument: BigInt(content.length), content };
    become(item, { major: MAJOR.tag, argument: item.major === MAJOR.unsigned ? 2n : 3n, items: [inner] });
  }),
  'a name in place of its number': somewhere(isNumber, (item, _dice, names) => {
    const name = names[Number(item.argument)];
    if (item.major === MAJOR.unsigned && name !== undefined) become(item, textItem(name));
  }),
  'a number in place of its name': somewhere(
    ({ major }) => major === MAJOR.text,
    (item, dice, names) => {
      const number = names.indexOf(Buffer.from(item.content ?? []).toString());
      const argument = BigInt(number < 0 ? dice.below(names.length + 2) : number);
      become(item, { major: MAJOR.unsigned, argument });
    },
  ),
  'a string of the other kind': somewhere(isString, (item) => {
    item.major = item.major === MAJOR.text ? MAJOR.bytes : MAJOR.text;
  }),
};

/** In a template, the second item says how many names of the dictionary are needed. */
const announced: Change = ({ items }, dice, names) => {
  const count = items?.[1];
  if (count?.major !== MAJOR.unsigned) return false;
  count.argument = BigInt(
    dice.pick([0, names.length, names.length + 1, 65_536, 65_537, dice.below(names.length + 1)]),
  );
  return true;
};

const CONTENTS: Readonly<Record<string, Change>> = {
  'another number': somewhere(isNumber, (item, dice) => {
    const step = dice.pick([1n, -1n, 256n, 1n << 32n]);
    item.argument = item.argument + step < 0n ? 1n : item.argument + step;
  }),
  'another number of names': announced,
  'the other sign': somewhere(isNumber, (item) => {
    item.major = 1 - item.major;
  }),
  'a bit of a string': somewhere(
    ({ content }) => (content?.length ?? 0) > 0,
    ({ content = new Uint8Array() }, dice) => {
      const at = dice.below(content.length);
      content[at] = (content[at] ?? 0) ^ (1 << dice.below(8));
    },
  ),
  'another length of a string': somewhere(isString, (item, dice) => {
    const content = [...(item.content ?? [])];
    item.content = Uint8Array.from(dice.oneIn(2) ? content.slice(0, -1) : [...content, dice.below(256)]);
    if (!dice.oneIn(4)) resize(item);
  }),
  'an item more': somewhere(isArray, (item, dice) => {
    const more = dice.oneIn(2) ? dice.pick(ODD) : (dice.pick([item, ...(item.items ?? [])]) ?? item);
    item.items?.splice(dice.below((item.items?.length ?? 0) + 1), 0, structuredClone(more));
    if (!dice.oneIn(4)) resize(item);
  }),
  'an item out': somewhere(
    (item) => isArray(item) && (item.items?.length ?? 0) > 0,
    (item, dice) => {
      item.items?.splice(dice.below(item.items.length), 1);
      if (!dice.oneIn(4)) resize(item);
    },
  ),
  'two items swapped': somewhere(
    (item) => (item.items?.length ?? 0) > 1,
    ({ items = [] }, dice) => {
      const [one, other] = [dice.below(items.length), dice.below(items.length)];
      [items[one], items[other]] = [items[other] as CborItem, items[one] as CborItem];
    },
  ),
  'an odd item': somewhere(isAny, (item, dice) => become(item, structuredClone(dice.pick(ODD)))),
  'another simple value': somewhere(isSimple, (item, dice) => {
    item.argument = dice.pick([20n, 21n, 22n, 23n]);
  }),
  'an array as a map': somewhere(isArray, (item) => {
    item.major = MAJOR.map;
    resize(item);
  }),
  'nested deeply': somewhere(isAny, (item, dice) => {
    const inner = structuredClone(item);
    const depth = dice.pick([16, 100, 400]);
    let nested: CborItem = inner;
    for (let i = 0; i < depth; i++) nested = { major: MAJOR.array, argument: 1n, items: [nested] };
    become(item, nested);
  }),
};

/** Changes it in place. @returns what was done, and the bytes */
export function changeCbor(
  root: CborItem,
  names: readonly string[],
  dice: Dice,
): { bytes: number[]; how: string[] } {
  const how: string[] = [];
  const count = 1 + (dice.oneIn(3) ? 1 : 0);
  while (how.length < count) {
    const [name, change] = dice.pick(Object.entries(dice.oneIn(2) ? FORMS : CONTENTS));
    if (change(root, dice, names)) how.push(name);
  }
  const bytes = writeCbor(root);
  const end = dice.below(15);
  if (end === 0) {
    how.push('bytes behind it');
    bytes.push(...dice.bytes(1 + dice.below(4)));
  } else if (end === 1) {
    how.push('cut short');
    bytes.length = dice.below(bytes.length);
  }
  return { bytes, how };
}
