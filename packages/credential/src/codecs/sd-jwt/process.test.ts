import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import type { Json, JsonObject } from '@symbolon/protocol/strict-json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from './disclosure.ts';
import { processSdJwt } from './process.ts';

const disclosure = (...parts: Json[]) => encodeBase64url(utf8(JSON.stringify(parts)));
const code = (name: string) => expect.objectContaining({ code: name });

describe('REQ-DEC-023 every disclosure belongs to exactly one digest', () => {
  const a = disclosure('salt-a', 'name', 'value');

  it('refuses one that no digest names, and one shown twice', () => {
    expect(() => processSdJwt({}, [a])).toThrowError(code('disclosure-unreferenced'));
    expect(() => processSdJwt({ _sd: [digestOf(a)] }, [a, a])).toThrowError(code('disclosure-unreferenced'));
  });

  it('refuses a digest that stands in two places, shown or not', () => {
    const twice = { _sd: [digestOf(a)], inner: { _sd: [digestOf(a)] } };
    expect(() => processSdJwt(twice, [a])).toThrowError(code('disclosure-malformed'));
    expect(() => processSdJwt(twice, [])).toThrowError(code('disclosure-malformed'));
    const both = { _sd: [digestOf(a)], list: [{ '...': digestOf(a) }] };
    expect(() => processSdJwt(both, [])).toThrowError(code('disclosure-malformed'));
  });

  it('refuses an inner disclosure without the one that holds its digest', () => {
    const inner = disclosure('salt', 'reason', 'x');
    const outer = disclosure('salt', 'details', { _sd: [digestOf(inner)] });
    const payload = { _sd: [digestOf(outer)] };
    expect(() => processSdJwt(payload, [inner])).toThrowError(code('disclosure-unreferenced'));
    expect(processSdJwt(payload, [inner, outer]).payload).toEqual({ details: { reason: 'x' } });
  });
});

describe('REQ-DEC-022 a disclosure has the form for its place', () => {
  it.each([
    ['_sd', 'disclosure-malformed'],
    ['...', 'disclosure-malformed'],
    ['_sd_alg', 'disclosure-malformed'],
    ['__proto__', 'disclosure-malformed'],
  ])('refuses the name %s', (name, expected) => {
    const bad = disclosure('salt', name, 1);
    expect(() => processSdJwt({ _sd: [digestOf(bad)] }, [bad])).toThrowError(code(expected));
  });

  it('refuses a name that is there already, plain or disclosed', () => {
    const one = disclosure('salt-1', 'name', 1);
    const two = disclosure('salt-2', 'name', 2);
    expect(() => processSdJwt({ name: 0, _sd: [digestOf(one)] }, [one])).toThrowError(
      code('disclosure-malformed'),
    );
    expect(() => processSdJwt({ _sd: [digestOf(one), digestOf(two)] }, [one, two])).toThrowError(
      code('disclosure-malformed'),
    );
  });

  it.each([
    ['an array element in an object', disclosure('salt', 1)],
    ['four parts', disclosure('salt', 'name', 1, 2)],
    ['a salt that is no string', disclosure(1, 'name', 1)],
    ['no array', encodeBase64url(utf8('{"salt":1}'))],
  ])('refuses %s', (_, bad) => {
    expect(() => processSdJwt({ _sd: [digestOf(bad)] }, [bad])).toThrowError(code('disclosure-malformed'));
  });

  it('refuses an object property in an array', () => {
    const bad = disclosure('salt', 'name', 1);
    expect(() => processSdJwt({ list: [{ '...': digestOf(bad) }] }, [bad])).toThrowError(
      code('disclosure-malformed'),
    );
  });

  it('REQ-DEC-017 refuses a second spelling of the same bytes, and padding', () => {
    const good = disclosure('salt', 'name', 'ab');
    for (const bad of [`${good}=`, `${good.slice(0, -1)}${good.endsWith('R') ? 'Q' : 'R'}`]) {
      expect(() => processSdJwt({ _sd: [digestOf(bad)] }, [bad])).toThrow();
    }
  });
});

describe('REQ-DEC-021 digests stand only where SD-JWT has them', () => {
  it.each<[string, JsonObject]>([
    ['_sd that is no array', { _sd: 'x' }],
    ['_sd with other things than strings', { _sd: [1] }],
    ['... beside another name', { list: [{ '...': 'x', y: 1 }] }],
    ['... that is no string', { list: [{ '...': 1 }] }],
    ['... outside an array', { '...': 'x' }],
    ['_sd_alg within', { inner: { _sd_alg: 'sha-256' } }],
    ['another hash', { _sd_alg: 'sha-512' }],
    ['REQ-DEC-017 a digest with unused bits set', { _sd: [`${'a'.repeat(42)}B`] }],
    ['REQ-DEC-017 one within, in the place of an element', { list: [{ '...': `${'a'.repeat(42)}B` }] }],
    ['a digest that is too short', { _sd: ['a'.repeat(42)] }],
  ])('refuses %s', (_, payload) => {
    expect(() => processSdJwt(payload, [])).toThrowError(code('claims-malformed'));
  });

  it('REQ-DEC-015 refuses nesting through disclosures deeper than the bound', () => {
    const chain: string[] = [];
    let value: Json = 'deep';
    for (let i = 0; i < 17; i++) {
      const next = disclosure(`salt-${i}`, 'in', value);
      chain.push(next);
      value = { _sd: [digestOf(next)] };
    }
    const payload: JsonObject = { top: value };
    expect(() => processSdJwt(payload, chain)).toThrowError(code('json-too-deep'));
  });
});

describe('property: hiding and disclosing gives back what was hidden', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const name = fc.stringMatching(/^[a-z]{1,8}$/);
  const tree = fc.letrec<{ node: Json }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(name, tie('node'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).node;

  /** Hides every property and every element, one by one, and counts the salts so that no two are the same. */
  function hide(value: Json, out: string[]): Json {
    const digest = (text: string) => {
      out.push(text);
      return digestOf(text);
    };
    if (Array.isArray(value)) {
      return value.map((element: Json) => {
        const hidden = hide(element, out);
        return { '...': digest(disclosure(`s${out.length}`, hidden)) };
      });
    }
    if (typeof value !== 'object' || value === null) return value;
    return {
      _sd: Object.entries(value).map(([key, inner]) => {
        const hidden = hide(inner ?? null, out);
        return digest(disclosure(`s${out.length}`, key, hidden));
      }),
    };
  }

  it('all disclosed gives the original; none disclosed gives nothing of it', () => {
    fc.assert(
      fc.property(fc.dictionary(name, tree, { maxKeys: 4, noNullPrototype: true }), (original) => {
        const disclosures: string[] = [];
        const hidden = { top: hide(original, disclosures), _sd_alg: 'sha-256' };
        fc.pre(disclosures.length <= 32);
        expect(processSdJwt(hidden, disclosures)).toEqual({
          payload: { top: original },
          digests: disclosures.length,
        });
        expect(processSdJwt(hidden, []).payload).toEqual({ top: {} });
      }),
      { seed: 9901 },
    );
  });
});
