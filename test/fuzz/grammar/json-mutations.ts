import type { Dice } from '../dice.ts';
import { copyOf, type JsonObjectTree, type JsonTree, nodesOf, textOf } from './json-tree.ts';

/** One change somewhere in a document. Answers whether there was a place for it. */
type Change = (tree: JsonTree, dice: Dice) => boolean;

const objects = (tree: JsonTree) =>
  nodesOf(tree).filter((node): node is JsonObjectTree => node.kind === 'object' && node.members.length > 0);
const texts = (tree: JsonTree) => nodesOf(tree).filter((node) => node.kind === 'text');

function inObject(change: (object: JsonObjectTree, dice: Dice) => void): Change {
  return (tree, dice) => {
    const all = objects(tree);
    if (all.length === 0) return false;
    change(dice.pick(all), dice);
    return true;
  };
}

function inText(test: (text: string) => boolean, change: (text: string, dice: Dice) => string): Change {
  return (tree, dice) => {
    const all = texts(tree).filter(({ text }) => test(text));
    if (all.length === 0) return false;
    const chosen = dice.pick(all);
    chosen.text = change(chosen.text, dice);
    return true;
  };
}

const isString = (text: string) => text.startsWith('"') && text.length > 2;
const isNumber = (text: string) => /^-?\d/.test(text);

/** One character of a JSON string as an escape. */
function escaped(text: string, dice: Dice): string {
  const inner = [...text.slice(1, -1)];
  const at = dice.below(Math.max(1, inner.length));
  const char = inner[at];
  if (char === undefined || char === '\\' || char.length > 1 || inner[at - 1] === '\\') return text;
  const hex = char.charCodeAt(0).toString(16).padStart(4, '0');
  inner[at] = char === '/' && dice.oneIn(2) ? '\\/' : `\\u${dice.oneIn(2) ? hex.toUpperCase() : hex}`;
  return `"${inner.join('')}"`;
}

/** Other spellings of the same document: an issuer might sign them, and a strict reader takes them for the same or not at all. */
export const SPELLINGS: Readonly<Record<string, Change>> = {
  'members in another order': inObject(({ members }, dice) => {
    const [taken] = members.splice(dice.below(members.length), 1);
    if (taken !== undefined) members.splice(dice.below(members.length + 1), 0, taken);
  }),
  'a name escaped': inObject(({ members }, dice) => {
    const member = dice.pick(members);
    member.name = escaped(member.name, dice);
  }),
  'a value escaped': inText(isString, escaped),
  'a number spelt otherwise': inText(isNumber, (text, dice) =>
    dice.pick([`${text}.0`, `${text}e0`, `${text}E+0`, `${text}0e-1`, `${text}.000`]),
  ),
  'white space': (tree, dice) => {
    const all = texts(tree);
    if (all.length === 0) return false;
    const chosen = dice.pick(all);
    const space = dice.pick([' ', '\n', '\t', '\r\n', '  ']);
    chosen.text = dice.oneIn(2) ? space + chosen.text : chosen.text + space;
    return true;
  },
};

/** What no reader may take: two readers would read two documents. */
export const AMBIGUITIES: Readonly<Record<string, Change>> = {
  'a member twice': inObject(({ members }, dice) => {
    const { name, value } = dice.pick(members);
    members.splice(dice.below(members.length + 1), 0, { name, value: copyOf(value) });
  }),
  'a member twice, with two values': inObject(({ members }, dice) => {
    const { name } = dice.pick(members);
    members.splice(dice.below(members.length + 1), 0, { name, value: oddValue(dice) });
  }),
  'a member twice, once escaped': inObject(({ members }, dice) => {
    const { name, value } = dice.pick(members);
    members.splice(dice.below(members.length + 1), 0, { name: escaped(name, dice), value: copyOf(value) });
  }),
  'a prototype': inObject(({ members }, dice) => {
    const name = dice.pick(['"__proto__"', '"\\u005f_proto__"']);
    members.splice(dice.below(members.length + 1), 0, {
      name,
      value: dice.oneIn(2) ? oddValue(dice) : objectOf(members),
    });
  }),
};

const ODD_TEXTS = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '1e400',
  '-1',
  '9007199254740993',
  '1.5',
  '""',
  '"x"',
  '[]',
  '{}',
  '01',
  'NaN',
  "'x'",
  'undefined',
  '/**/1',
];

function oddValue(dice: Dice): JsonTree {
  return { kind: 'text', text: dice.pick(ODD_TEXTS) };
}

function objectOf(members: JsonObjectTree['members']): JsonTree {
  return { kind: 'object', members: members.map(({ name, value }) => ({ name, value: copyOf(value) })) };
}

/** Replaces a part in place: a reference to it is somewhere in the tree. */
function become(node: JsonTree, other: JsonTree): void {
  for (const key of Object.keys(node)) Reflect.deleteProperty(node, key);
  Object.assign(node, other);
}

/** Other documents. */
export const CHANGES: Readonly<Record<string, Change>> = {
  'a member out': inObject(({ members }, dice) => {
    members.splice(dice.below(members.length), 1);
  }),
  'a name in other case': inObject(({ members }, dice) => {
    const member = dice.pick(members);
    member.name = dice.oneIn(2) ? member.name.toUpperCase() : `"${member.name.slice(1, -1)} "`;
  }),
  'two values swapped': inObject(({ members }, dice) => {
    const [one, other] = [dice.pick(members), dice.pick(members)];
    [one.value, other.value] = [other.value, one.value];
  }),
  'an odd value': (tree, dice) => {
    become(dice.pick(nodesOf(tree)), oddValue(dice));
    return true;
  },
  'a value in an array': (tree, dice) => {
    const node = dice.pick(nodesOf(tree));
    become(node, { kind: 'array', items: Array.from({ length: 1 + dice.below(2) }, () => copyOf(node)) });
    return true;
  },
  'a value in an object': (tree, dice) => {
    const node = dice.pick(nodesOf(tree));
    const name = dice.pick(['"a"', '"@value"', '"@id"', '"..."', '"_sd"', '"__proto__"', '"toString"']);
    become(node, { kind: 'object', members: [{ name, value: copyOf(node) }] });
    return true;
  },
  'a value deep down': (tree, dice) => {
    const node = dice.pick(nodesOf(tree));
    const depth = dice.pick([15, 16, 17, 64, 2000]);
    become(node, { kind: 'text', text: '['.repeat(depth) + textOf(node) + ']'.repeat(depth) });
    return true;
  },
  'a number of its own': inText(isNumber, (text, dice) =>
    dice.pick([
      String(Number(text) + 1),
      `-${text}`,
      `${text}0`,
      `"${text}"`,
      `${text}.5`,
      `0${text}`,
      `+${text}`,
    ]),
  ),
  'a text of its own': inText(isString, (text, dice) => {
    const inner = text.slice(1, -1);
    return `"${dice.pick([inner.toUpperCase(), `${inner} `, ` ${inner}`, `${inner}\\u0000`, `${inner}/`, inner.slice(1), inner.normalize('NFD'), `${inner}\ud800`])}"`;
  }),
  'no end': (tree, dice) => {
    const node = dice.pick(nodesOf(tree));
    const text = textOf(node);
    become(node, {
      kind: 'text',
      text: dice.pick([text.slice(0, -1), `${text},`, `${text}}`, `${text} x`, `\ufeff${text}`]),
    });
    return true;
  },
};

/** Adds one of these members somewhere. */
export function withMember(names: readonly string[], values: readonly unknown[]): Change {
  return inObject(({ members }, dice) => {
    const text = dice.oneIn(3) ? dice.pick(ODD_TEXTS) : JSON.stringify(dice.pick(values));
    const member = { name: JSON.stringify(dice.pick(names)), value: { kind: 'text' as const, text } };
    members.splice(dice.below(members.length + 1), 0, member);
  });
}

/** @returns the name of what was done; undefined when there was no place for it */
export function changeTree(
  tree: JsonTree,
  changes: Readonly<Record<string, Change>>,
  dice: Dice,
): string | undefined {
  const [how, change] = dice.pick(Object.entries(changes));
  return change(tree, dice) ? how : undefined;
}
