import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { InstantText, Name, Words } from './common.ts';
import { SdJwtClaims } from './credential.ts';
import { fastDecode } from './fast-decode.ts';
import { Dictionary, Federation } from './federation.ts';
import { PublicJwk } from './jwk.ts';
import { Recognition, Region, RegionKeys } from './region.ts';
import { RuleSet } from './rule-set.ts';
import { Scheme } from './scheme.ts';

const words = { en: 'words', zh: '文字' };
const p256 = { kty: 'EC', crv: 'P-256', x: 'w'.repeat(43), y: 's'.repeat(43) };
const ed25519 = { kty: 'OKP', crv: 'Ed25519', x: 'w'.repeat(43) };
const life = { notBefore: '2026-09-06T08:00:00Z', notAfter: '2026-09-17T08:00:00Z' };
const key = { kid: 'E2sK7HuAyMY', alg: 'ES256', jwk: p256 };

/** A good document of each kind, with a field that nobody knows here and there. */
const GOOD: readonly (readonly [name: string, schema: z.core.$ZodType, document: unknown])[] = [
  [
    'region',
    Region,
    {
      region: 'CN-BJ',
      names: { ...words, fr: 'mots' },
      issuer: 'https://cn-bj.example',
      did: 'did:web:cn-bj.example',
      authorities: { cdc: { names: words, operators: [{ ...key, roles: ['reviewer'], since: 2020 }] } },
      endpoints: { issuer: 'http://127.0.0.1:8000/api', lists: 'https://cn-bj.example/lists' },
    },
  ],
  [
    'keys',
    RegionKeys,
    {
      region: 'CN-BJ',
      keys: [
        { ...key, use: 'credential', ...life },
        {
          ...key,
          kid: 'E2sK7HuAyMc',
          alg: 'EdDSA',
          jwk: ed25519,
          use: 'status',
          ...life,
          revoked: { since: life.notAfter, reason: 'lost' },
        },
      ],
    },
  ],
  [
    'recognition',
    Recognition,
    {
      region: 'CN-BJ',
      schemes: {
        health: [
          { from: { all: true }, levels: { green: 'green' } },
          { from: { region: 'CN-GD' }, levels: {}, condition: { rules: ['clear@1'], longestAgeHours: 72 } },
          { from: { group: 'north' }, levels: { red: 'red' } },
        ],
      },
    },
  ],
  [
    'rules',
    RuleSet,
    {
      region: 'CN-BJ',
      scheme: 'health',
      rules: [
        {
          id: 'clear',
          version: 1,
          level: 'green',
          when: 'true',
          authorities: ['cdc'],
          evidence: 'none',
          legalBasis: words,
          words,
          from: '2026-01-01T00:00:00Z',
          sunset: '2028-01-01T00:00:00Z',
          contestHours: 24,
        },
      ],
    },
  ],
  [
    'federation',
    Federation,
    {
      names: words,
      groups: { north: ['CN-BJ'] },
      freshness: { warnAfterHours: 26, referAfterHours: 96, blockAfterHours: 240 },
      smallestClass: 20,
    },
  ],
  ['dictionary', Dictionary, { version: 1, names: ['green'] }],
  [
    'scheme',
    Scheme,
    {
      id: 'health',
      major: 1,
      titles: words,
      subjects: 'person',
      purposes: ['entry'],
      levels: [{ id: 'green', effect: 'favourable', titles: words }],
      factTypes: {
        pcr: { titles: words, fields: { result: 'string' }, values: { result: ['positive'] }, keepHours: 24 },
      },
      evidenceClasses: ['none'],
      longestValidityHours: 24,
      statusList: true,
      ageFrom: 'pcr',
      bearer: false,
    },
  ],
  [
    'claims',
    SdJwtClaims,
    {
      iss: 'https://cn-bj.example',
      vct: 'urn:symbolon:health:1',
      level: 'green',
      rule: 'clear@1',
      authority: 'cdc',
      assurance: 'standard',
      iat: 3600,
      exp: 7200,
      status: { status_list: { idx: 1, uri: 'https://cn-bj.example/lists/1' } },
      cnf: { jwk: p256 },
      _sd: [`${'d'.repeat(42)}c`],
      _sd_alg: 'sha-256',
    },
  ],
  ['a key', PublicJwk, ed25519],
  [
    'a tuple',
    z.tuple([
      z.literal(1),
      z.nullable(Name),
      z.union([z.custom((value) => Array.isArray(value) && value.length === 2), InstantText]),
      z.array(z.tuple([Name, z.nullable(InstantText)])),
    ]),
    [
      1,
      null,
      life.notBefore,
      [
        ['green', null],
        ['red', life.notAfter],
      ],
    ],
  ],
];

describe('what is read fast is read as zod reads it', () => {
  it.each(GOOD)('%s: a good document is read, and not only handed to zod', (_, schema, document) => {
    const expected = z.decode(schema, document as never);
    expect(fastDecode(schema, document)).toEqual(expected);
    expect(document).toEqual(structuredClone(document));
  });

  it.each(GOOD)(
    '%s: of a document with changes, never something that zod reads otherwise',
    (_, schema, document) => {
      let refused = 0;
      let read = 0;
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (changes) => {
          const changed = changes.reduce<unknown>(applied, structuredClone(document));
          const expected = z.safeDecode(schema, changed as never);
          const result = fastDecode(schema, changed);
          if (result !== undefined) expect({ success: true, data: result }).toEqual(expected);
          if (!expected.success) refused++;
          if (result !== undefined) read++;
        }),
        { seed: 7, numRuns: 1500 },
      );
      // Both happened often enough to say something.
      expect(refused).toBeGreaterThan(100);
      expect(read).toBeGreaterThan(20);
    },
  );

  it.each<[string, z.core.$ZodType, unknown]>([
    ['a default', z.object({ a: z._default(z.string(), 'b') }), {}],
    ['code points', z.string().check(z.minLength(3)), '😀😀'],
    ['code points that fit', z.string().check(z.maxLength(3)), '😀😀😀'],
    ['an expression that remembers', z.string().check(z.regex(/a/g)), 'a'],
    ['a kind that is not known', z.object({ a: z.readonly(z.string()) }), { a: 'a' }],
    ['a tuple that may lack its end', z.tuple([z.string(), z.optional(z.string())]), ['a']],
    ['a tuple with a rest', z.tuple([z.string()], z.string()), ['a', 'b']],
    ['an answer that is neither yes nor no', z.custom((value) => (value === 'a' ? 1 : 0) as never), 'a'],
    ['a class', z.object({ a: z.string() }), Object.assign(new (class {})(), { a: 'b' })],
    ['undefined, given', z.object({ a: z.optional(z.string()) }), { a: undefined }],
    ['an array in place of an object', z.object({}), []],
  ])('%s is left to zod', (_, schema, value) => {
    expect(fastDecode(schema, value)).toBeUndefined();
  });

  it('shares what needs no change, and copies what does', () => {
    const Both = z.object({ words: Words, name: Name, at: InstantText });
    const document = { words, name: 'a', at: '1970-01-01T00:00:01Z' };
    const read = fastDecode(Both, document);
    expect(read).toEqual({ words, name: 'a', at: 1 });
    expect(read?.words).toBe(words);
    expect(document.at).toBe('1970-01-01T00:00:01Z');
  });
});

/** Somewhere in a document: another value, a member less, a member more. */
interface Change {
  readonly where: number;
  readonly what: 'replace' | 'remove' | 'add';
  readonly value: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({
  where: fc.nat(60),
  what: fc.constantFrom('replace', 'remove', 'add'),
  value: fc.oneof(
    fc.constantFrom<unknown>(
      '',
      'a',
      'green',
      'w'.repeat(43),
      'x'.repeat(513),
      '😀',
      0,
      1,
      -1,
      1.5,
      2 ** 53,
      true,
      null,
      [],
      {},
    ),
    fc.constantFrom<unknown>(
      '2026-02-30T00:00:00Z',
      '2026-02-03T00:00:00Z',
      'https://a.example',
      ['a', 'a'],
      ed25519,
      p256,
    ),
    fc.jsonValue({ maxDepth: 1 }),
  ),
});

function applied(document: unknown, { where, what, value: given }: Change): unknown {
  const value = structuredClone(given);
  const places: { readonly parent: Record<string, unknown>; readonly name: string }[] = [];
  const visit = (parent: unknown) => {
    if (typeof parent !== 'object' || parent === null) return;
    for (const name of Object.keys(parent)) {
      places.push({ parent: parent as Record<string, unknown>, name });
      visit((parent as Record<string, unknown>)[name]);
    }
  };
  visit(document);
  const place = places[where % Math.max(1, places.length)];
  if (place === undefined) return value;
  const { parent, name } = place;
  if (what === 'replace') parent[name] = value;
  else if (Array.isArray(parent)) parent.push(value);
  else if (what === 'add') parent['more'] = value;
  else delete parent[name];
  return document;
}
