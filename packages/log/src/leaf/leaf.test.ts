import { sha256 } from '@symbolon/keys/digest';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { concatBytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { formatInstant, instant } from '@symbolon/protocol/instant';
import type { Leaf, Opening } from '@symbolon/protocol/schemas/leaf';
import { describe, expect, it } from 'vitest';
import { burst, decision, opening, published, rule, SALT } from '../testing/sample-leaves.ts';
import { commitmentOf, SALT_BYTES, subjectTag } from './commitment.ts';
import { decodeLeaf, encodeLeaf } from './leaf.ts';

const malformed = expect.objectContaining({ code: 'leaf-malformed' });
const leaves: readonly (readonly [kind: string, leaf: Leaf])[] = [
  ['decision', decision()],
  ['burst', burst],
  ['rule', rule],
  ['publication', published],
];

describe('REQ-LOG-001 a leaf', () => {
  it.each(leaves)('%s: what is written is read, and is canonical JSON', (kind, leaf) => {
    const bytes = encodeLeaf(leaf);
    expect(decodeLeaf(bytes)).toEqual(leaf);
    const names = [...fromUtf8(bytes).matchAll(/[{,]"(\w+)":/g)].map(([, name]) => name);
    expect(names).toContain('kind');
    expect(JSON.parse(fromUtf8(bytes)).kind).toBe(kind);
    expect(encodeLeaf(decodeLeaf(bytes))).toEqual(bytes);
  });

  it.each(leaves)('%s: with anything more, or anything less, it is none', (_kind, leaf) => {
    const json: Record<string, unknown> = JSON.parse(fromUtf8(encodeLeaf(leaf)));
    const write = (value: unknown) => utf8(JSON.stringify(value));
    expect(() => decodeLeaf(write({ ...json, subject: 'S-1' }))).toThrow(malformed);
    for (const name of Object.keys(json)) {
      const { [name]: _, ...less } = json;
      expect(() => decodeLeaf(write({ ...less, zz: 1 }))).toThrow(malformed);
      expect(() => decodeLeaf(write({ ...json, [name]: null }))).toThrow(malformed);
    }
    expect(() => decodeLeaf(write({ ...json, v: 2 }))).toThrow(malformed);
  });

  it('one leaf has one text', () => {
    const text = fromUtf8(encodeLeaf(decision()));
    const [first = '', ...rest] = text.slice(1, -1).split(',"');
    const others = [
      `${text} `,
      ` ${text}`,
      `\ufeff${text}`,
      text.replace(':', ': '),
      text.replace('"red"', '"\\u0072ed"'),
      `{"${rest.join(',"')},${first}}`,
      text.replace('{', '{"v":1,'),
      '',
      'null',
      '[]',
      '{}',
    ];
    for (const other of others) {
      expect(other).not.toBe(text);
      expect(() => decodeLeaf(utf8(other))).toThrow(malformed);
    }
    expect(() => decodeLeaf(Uint8Array.of(0xff))).toThrow(malformed);
  });

  it('what has not its form is not written, and a leaf that is too long neither way', () => {
    expect(() => encodeLeaf({ ...decision(), level: 'not a name!' })).toThrow(malformed);
    const bound = expect.objectContaining({ code: 'leaf-malformed', bound: 60_000 });
    const keyids = Array.from({ length: 64 }, (_, i) => String(i).padStart(64, '0'));
    const items = Array.from({ length: 20 }, (_, i) => ({ role: `R${i}`, keyids }));
    expect(() => encodeLeaf({ ...published, items })).toThrow(bound);
    expect(() => decodeLeaf(new Uint8Array(60_001))).toThrow(bound);
  });
});

describe('REQ-LOG-001 the form of a leaf', () => {
  const released = {
    ...burst,
    state: 'released',
    by: ['ecxFI-Im-nc', 'iUApIYkFscU'],
    rules: ['clear@1'],
  } as const;
  const automatic = () => {
    const { approvers: _, ...rest } = decision();
    return { ...rest, mode: 'automatic' } as const;
  };
  const [a, b] = ['ecxFI-Im-nc', 'iUApIYkFscU'];
  const day = instant(decision().at - (decision().at % 86_400));
  const bytesOf = (leaf: object) => {
    const text = (value: unknown) => (typeof value === 'number' && value > 1e9 ? textOf(value) : value);
    return utf8(canonicalJson(JSON.parse(JSON.stringify(leaf, (_, value) => text(value)))));
  };
  const textOf = (at: number) => formatInstant(instant(at));

  it.each<[string, object]>([
    ['an automatic decision, by the hour', automatic()],
    ['by the day', { ...automatic(), per: 'day', at: day }],
    ['by hand', { ...decision(), approvers: [a, b] }],
    ['a burst that is released', released],
    ['of a rule', { ...burst, cause: 'rule:clear@1' }],
    ['all parts', { ...published, part: 2, parts: 2 }],
    ...['root', 'timestamp', 'CN-HA', 'CN-HB.wuhan.keys'].map((role): [string, object] => [
      `the role ${role}`,
      { ...published, items: [{ role, keyids: ['ef'.repeat(32)] }] },
    ]),
  ])('%s', (_, leaf) => {
    const bytes = bytesOf(leaf);
    expect(encodeLeaf(decodeLeaf(bytes))).toEqual(bytes);
  });

  it.each<[string, object]>([
    ['a second within the hour', { ...automatic(), at: decision().at + 1 }],
    ['an hour within the day', { ...automatic(), per: 'day', at: day + 3600 }],
    ['nobody by hand', { ...automatic(), mode: 'manual' }],
    ['one by hand', { ...decision(), approvers: [a] }],
    ['the same one twice by hand', { ...decision(), approvers: [a, a] }],
    ['three by hand', { ...decision(), approvers: [a, b, 'AAAAAAAAAAA'] }],
    ['two who approve what a rule decides', { ...automatic(), approvers: [a, b] }],
    ['a kid with bits left over', { ...decision(), approvers: [a, 'iUApIYkFscV'] }],
    ['a burst that is held by somebody', { ...released, state: 'held' }],
    ['a burst that lapses by somebody', { ...released, state: 'lapsed' }],
    ['a burst that nobody released', { ...burst, state: 'released' }],
    ['a release without rules', { ...released, rules: [] }],
    ['a release by one', { ...released, by: [a, a] }],
    ...['rule:clear', 'rule:clear@0', 'authority:CDC', 'authority:', 'cdc', 'rule:<b>@1', ''].map(
      (cause): [string, object] => [`the cause ${cause}`, { ...burst, cause }],
    ),
    ...['_x', 'keys', '.keys', 'a b', '', '../x', 'CN-HA.keys.keys', '<b>'].map((role): [string, object] => [
      `the role ${role}`,
      { ...published, items: [{ role, keyids: ['ef'.repeat(32)] }] },
    ]),
    ['a part beyond the last', { ...published, part: 2 }],
  ])('%s is refused', (_, leaf) => {
    expect(() => decodeLeaf(bytesOf(leaf))).toThrow(malformed);
  });
});

describe('commitments', () => {
  it('salt and every part of the opening count', () => {
    const base = commitmentOf(SALT, opening);
    const changed: Opening[] = [
      { ...opening, subject: subjectTag(SALT, 'another') },
      { ...opening, evidence: 'contact' },
      { ...opening, sequence: opening.sequence + 1 },
      { ...opening, decidedAt: instant(opening.decidedAt + 1) },
    ];
    const all = [base, ...changed.map((each) => commitmentOf(SALT, each))];
    for (let i = 0; i < SALT_BYTES; i++) {
      all.push(
        commitmentOf(
          SALT.map((byte, j) => (i === j ? byte ^ 1 : byte)),
          opening,
        ),
      );
    }
    expect(new Set(all).size).toBe(all.length);
    expect(decodeBase64url(base)).toHaveLength(32);
    expect(commitmentOf(SALT, { ...opening })).toBe(base);
  });

  it('a subject has another name under every salt', () => {
    const other = SALT.map((byte) => byte ^ 1);
    const tags = [subjectTag(SALT, 'S-1'), subjectTag(other, 'S-1'), subjectTag(SALT, 'S-2')];
    expect(new Set(tags).size).toBe(3);
    expect(subjectTag(SALT, 'S-1')).toBe(tags[0]);
  });

  it('a name of any length is hashed as it is, one after the other', () => {
    for (let length = 400; length >= 0; length--) {
      for (const name of ['a', '界', '\ud83d\ude00', '\ud800'].map((each) => each.repeat(length))) {
        const whole = concatBytes(utf8('symbolon subject 1\n'), SALT, utf8(name));
        expect(subjectTag(SALT, name)).toBe(encodeBase64url(sha256(whole)));
      }
    }
  });
});
