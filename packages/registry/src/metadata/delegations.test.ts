import { utf8 } from '@symbolon/protocol/bytes';
import { describe, expect, it } from 'vitest';
import { later } from '../testing/small-registry.ts';
import { findTarget, mayDelegate, type Roles, type TrustedRole } from './delegations.ts';
import { parseTargets } from './metadata.ts';

interface Sketch {
  readonly targets?: readonly string[];
  readonly delegates?: readonly (readonly [name: string, pattern: string, terminating?: boolean])[];
}

const INFO = { length: 1, hashes: { sha256: '0'.repeat(64) } };

function rolesOf(sketch: Readonly<Record<string, Sketch>>): Roles {
  return new Map(Object.entries(sketch).map(([name, each]) => [name, roleOf(name, each)]));
}

function roleOf(name: string, { targets = [], delegates = [] }: Sketch): TrustedRole {
  const roles = delegates.map(([delegate, pattern, terminating = false]) => ({
    name: delegate,
    keyids: ['0'.repeat(64)],
    threshold: 1,
    terminating,
    ...(pattern.startsWith('#') ? { path_hash_prefixes: [pattern.slice(1)] } : { paths: [pattern] }),
  }));
  const signed = {
    _type: 'targets',
    spec_version: '1.0.31',
    version: 1,
    expires: '2027-01-01T00:00:00Z',
    targets: Object.fromEntries(targets.map((path) => [path, INFO])),
    delegations: { keys: {}, roles },
  };
  const metadata = parseTargets(utf8(JSON.stringify({ signed, signatures: [] })));
  return { name, metadata, expires: later(1), depth: 0 };
}

const found = (roles: Roles, path: string) => findTarget(roles, path)?.role.name;

describe('REQ-REG-011 the search for a target (TUF 1.0, section 5.6.7)', () => {
  it('is pre-order: a role comes before what it delegates to, an earlier branch before a later one', () => {
    const roles = rolesOf({
      targets: {
        delegates: [
          ['a', 'x/*'],
          ['b', 'x/*'],
        ],
      },
      a: { delegates: [['c', 'x/*']] },
      b: { targets: ['x/1', 'x/2'] },
      c: { targets: ['x/1', 'x/3'] },
    });
    expect(found(roles, 'x/1')).toBe('c');
    expect(found(roles, 'x/2')).toBe('b');
    expect(
      found(
        rolesOf({ targets: { targets: ['x/1'], delegates: [['a', 'x/*']] }, a: { targets: ['x/1'] } }),
        'x/1',
      ),
    ).toBe('targets');
  });

  it('ends at a terminating delegation that matches, whatever it holds', () => {
    const roles = rolesOf({
      targets: {
        delegates: [
          ['a', 'x/*', true],
          ['b', 'x/*'],
        ],
      },
      a: {},
      b: { targets: ['x/1', 'y/1'] },
    });
    expect(found(roles, 'x/1')).toBeUndefined();
    const nested = rolesOf({
      targets: {
        delegates: [
          ['a', 'x/*'],
          ['b', 'x/*'],
        ],
      },
      a: { delegates: [['c', 'x/*', true]] },
      b: { targets: ['x/1'] },
      c: {},
    });
    expect(found(nested, 'x/1')).toBeUndefined();
  });

  it('passes by a terminating delegation that does not match', () => {
    const roles = rolesOf({
      targets: {
        delegates: [
          ['a', 'y/*', true],
          ['b', 'x/*'],
        ],
      },
      a: {},
      b: { targets: ['x/1'] },
    });
    expect(found(roles, 'x/1')).toBe('b');
  });

  it('needs every delegation on the way to match', () => {
    const roles = rolesOf({
      targets: { delegates: [['a', 'x/*']] },
      a: { delegates: [['b', '*/*']] },
      b: { targets: ['x/1', 'y/1'] },
    });
    expect(found(roles, 'x/1')).toBe('b');
    expect(found(roles, 'y/1')).toBeUndefined();
  });

  it('ends where a role that matches was not accepted', () => {
    const roles = rolesOf({
      targets: {
        delegates: [
          ['gone', 'x/*'],
          ['b', 'x/*'],
        ],
      },
      b: { targets: ['x/1'] },
    });
    expect(found(roles, 'x/1')).toBeUndefined();
  });

  it('the keys role must come before its region, or no client finds the keys', () => {
    const wrong = rolesOf({
      targets: {
        delegates: [
          ['CN-HA', 'regions/CN-HA/*', true],
          ['CN-HA.keys', 'regions/CN-HA/keys.json', true],
        ],
      },
      'CN-HA': { targets: ['regions/CN-HA/region.json'] },
      'CN-HA.keys': { targets: ['regions/CN-HA/keys.json'] },
    });
    expect(found(wrong, 'regions/CN-HA/region.json')).toBe('CN-HA');
    expect(found(wrong, 'regions/CN-HA/keys.json')).toBeUndefined();
  });

  it('reads prefixes of path hashes', () => {
    // SHA-256 of "x/1" begins with 6e34, of "x/2" with 8efd.
    const roles = rolesOf({ targets: { delegates: [['a', '#6e34']] }, a: { targets: ['x/1', 'x/2'] } });
    expect([found(roles, 'x/1'), found(roles, 'x/2')]).toEqual(['a', undefined]);
  });

  it('goes in no circle', () => {
    const roles = rolesOf({
      targets: { delegates: [['a', 'x/*']] },
      a: { delegates: [['b', 'x/*']] },
      b: { delegates: [['a', 'x/*']] },
    });
    expect(found(roles, 'x/1')).toBeUndefined();
  });

  it('REQ-REG-010 is bounded', () => {
    const names = Array.from({ length: 64 }, (_, i) => `r${i}`);
    const wide = (count: number) =>
      rolesOf({
        targets: { delegates: names.slice(0, count).map((name) => [name, 'x/*'] as const) },
        ...Object.fromEntries(names.map((name) => [name, {}])),
      });
    expect(found(wide(63), 'x/1')).toBeUndefined();
    expect(() => found(wide(64), 'x/1')).toThrowError(
      expect.objectContaining({ code: 'delegation-bounds', bound: 64 }),
    );
  });
});

describe('REQ-REG-012 who may bring forth a role', () => {
  it.each([
    ['targets', 'CN-HA', true],
    ['targets', 'CN-HA.keys', true],
    ['targets', 'CN-HB.wuhan', true],
    ['CN-HB', 'CN-HB.wuhan', true],
    ['CN-HB', 'CN-HB.wuhan.keys', true],
    ['CN-HB', 'CN-HB.wuhan.jingshan', true],
    ['CN-HB', 'CN-HB.keys', false],
    ['CN-HB', 'CN-HB', false],
    ['CN-HB', 'CN-HBX', false],
    ['CN-HB.wuhan', 'CN-HB', false],
    ['CN-HB.keys', 'CN-HB.wuhan', false],
    ['CN-HB.keys', 'CN-HB.keys.x', false],
    ['CN-GD', 'CN-HB.wuhan', false],
    ['targets', 'a.b.c.d.e', false],
    ['targets', 'CN-HB.keys.keys', false],
  ])('%s: %s? %s', (delegator, role, expected) => {
    expect(mayDelegate(delegator, role)).toBe(expected);
  });
});
