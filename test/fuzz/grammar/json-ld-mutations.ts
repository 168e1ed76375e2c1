import { fromBase58, toBase58 } from '../../support/base58.ts';
import type { Dice } from '../dice.ts';
import { CONTEXTS, KEYWORDS, PROPERTIES, VALUES } from './json-ld-vocabulary.ts';
import { AMBIGUITIES, CHANGES, changeTree, SPELLINGS, withMember } from './json-mutations.ts';
import { copyOf, type JsonObjectTree, type JsonTree, nodesOf, treeFrom } from './json-tree.ts';
import { changeSignature } from './signature.ts';

const MEMBERS = {
  'a keyword': withMember(KEYWORDS, VALUES),
  'a property more': withMember(PROPERTIES, VALUES),
};

type Change = (tree: JsonTree, dice: Dice, others: readonly JsonTree[]) => string | undefined;

function memberOf(object: JsonTree | undefined, name: string) {
  return object?.kind === 'object' ? object.members.find((member) => member.name === `"${name}"`) : undefined;
}

function named(tree: JsonTree, name: string): JsonObjectTree['members'] {
  return nodesOf(tree).flatMap((node) => memberOf(node, name) ?? []);
}

const contexts: Change = (tree, dice) => {
  const all = named(tree, '@context');
  if (all.length === 0) return undefined;
  const member = dice.pick(all);
  const other = treeFrom(dice.pick(CONTEXTS));
  const { value } = member;
  if (value.kind === 'array' && !dice.oneIn(4)) {
    const at = dice.below(value.items.length + 1);
    if (dice.oneIn(3)) value.items.reverse();
    else value.items.splice(at, dice.below(2), other);
  } else member.value = other;
  return 'another context';
};

const types: Change = (tree, dice) => {
  const all = named(tree, 'type');
  if (all.length === 0) return undefined;
  const member = dice.pick(all);
  const type = dice.pick([
    'VerifiableCredential',
    'StatusCredential',
    'VerifiablePresentation',
    'EnvelopedVerifiableCredential',
    'DataIntegrityProof',
    'Ed25519Signature2020',
    'https://x.example/T',
  ]);
  const { value } = member;
  if (value.kind === 'array' && dice.oneIn(2))
    value.items.splice(dice.below(value.items.length + 1), dice.below(2), treeFrom(type));
  else member.value = treeFrom(dice.oneIn(2) ? type : [type]);
  return 'another type';
};

const proofs: Change = (tree, dice, others) => {
  const all = named(tree, 'proof');
  if (all.length === 0) return undefined;
  const member = dice.pick(all);
  const other = dice.pick([member, ...others.flatMap((each) => named(each, 'proof'))]).value;
  switch (dice.below(5)) {
    case 0:
      member.value = copyOf(other);
      return 'another proof';
    case 1:
      member.value = { kind: 'array', items: [copyOf(member.value), copyOf(other)] };
      return 'a set of proofs';
    case 2:
      member.value = { kind: 'array', items: [copyOf(member.value)] };
      return 'a set of one proof';
    case 3: {
      const chained = copyOf(other);
      if (chained.kind === 'object')
        chained.members.push({
          name: '"previousProof"',
          value: treeFrom(dice.pick(['urn:x', '#0', member.name])),
        });
      member.value = { kind: 'array', items: [copyOf(member.value), chained] };
      return 'a chain of proofs';
    }
    default:
      member.value = { kind: 'array', items: [] };
      return 'no proof';
  }
};

const signatures: Change = (tree, dice) => {
  const all = named(tree, 'proofValue').filter(
    ({ value }) => value.kind === 'text' && value.text.startsWith('"z'),
  );
  if (all.length === 0) return undefined;
  const member = dice.pick(all);
  const text = member.value.kind === 'text' ? member.value.text.slice(2, -1) : '';
  const { bytes, how } = changeSignature(fromBase58(text), dice);
  const prefix = dice.oneIn(6) ? dice.pick(['u', 'm', 'Z', '', 'z1']) : 'z';
  member.value = treeFrom(prefix + toBase58(bytes));
  return how;
};

const credentials: Change = (tree, dice, others) => {
  const [member] = named(tree, 'verifiableCredential');
  if (member?.value.kind !== 'array') return undefined;
  const { items } = member.value;
  const foreign = others.flatMap((each) => {
    const [inner] = named(each, 'verifiableCredential');
    return inner?.value.kind === 'array' ? inner.value.items : inner === undefined ? [each] : [];
  });
  const other = copyOf(dice.pick([...items, ...foreign]));
  switch (dice.below(4)) {
    case 0:
      items.splice(dice.below(items.length + 1), 0, other);
      return 'a credential more';
    case 1:
      items.splice(0, 1, other);
      return 'another credential';
    case 2:
      member.value = other;
      return 'a credential in no array';
    default:
      items.splice(0);
      return 'no credential';
  }
};

/** A presentation as a credential, and the reverse. */
const wrapping: Change = (tree, dice) => {
  if (tree.kind !== 'object') return undefined;
  const inner = copyOf(tree);
  const shapes = [
    { '@graph': null },
    { '@context': [], '@graph': null },
    { type: ['VerifiablePresentation'], verifiableCredential: null },
    { '@nest': null },
  ];
  const shape = treeFrom(dice.pick(shapes));
  if (shape.kind !== 'object') return undefined;
  for (const member of shape.members) {
    if (member.value.kind === 'text')
      member.value = dice.oneIn(2) ? inner : { kind: 'array', items: [inner] };
  }
  tree.members.splice(0, tree.members.length, ...shape.members);
  return 'wrapped';
};

const ALL: readonly Change[] = [
  contexts,
  types,
  proofs,
  signatures,
  credentials,
  wrapping,
  (tree, dice) => changeTree(tree, MEMBERS, dice),
  (tree, dice) => changeTree(tree, MEMBERS, dice),
  (tree, dice) => changeTree(tree, CHANGES, dice),
  (tree, dice) => changeTree(tree, AMBIGUITIES, dice),
  (tree, dice) => changeTree(tree, SPELLINGS, dice),
];

/** Changes it in place. @returns what was done */
export function changeJsonLd(tree: JsonTree, others: readonly JsonTree[], dice: Dice): string[] {
  const how: string[] = [];
  const count = 1 + (dice.oneIn(3) ? 1 + dice.below(2) : 0);
  while (how.length < count) {
    const done = dice.pick(ALL)(tree, dice, others);
    if (done !== undefined) how.push(done);
  }
  return how;
}
