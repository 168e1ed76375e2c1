import { utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findTarget, type Roles, type TrustedRole } from '../metadata/delegations.ts';
import { parseTargets } from '../metadata/metadata.ts';
import { later } from '../testing/small-registry.ts';
import { TargetFinder } from './target-finder.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const PATHS = ['t', 'x/1', 'x/2', 'y/1', 'x/y/1', 'xy/1'];
const PATTERNS = [...PATHS, '*', 'x/*', '*/1', 'x*/1', '?/*', 'x/y/*', 'x/?/1', '*/*/*'];

const delegation = fc.record({
  name: fc.constantFrom(...NAMES),
  terminating: fc.boolean(),
  by: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.subarray(PATTERNS, { minLength: 1, maxLength: 3 }).map((paths) => ({ paths })),
    },
    fc.constantFrom('0', '1', '7', 'a', 'f').map((prefix) => ({ path_hash_prefixes: [prefix] })),
  ),
});
const role = fc.record({
  targets: fc.subarray(PATHS, { maxLength: 2 }),
  delegates: fc.uniqueArray(delegation, { maxLength: 4, selector: ({ name }) => name }),
});
/** Without some of the roles that are delegated: they were not accepted. */
const tree = fc.record({ targets: role, a: role, b: role, c: role, d: role }, { requiredKeys: ['targets'] });

it('REQ-REG-011 finds what the search of TUF finds, in any tree', () => {
  let found = 0;
  fc.assert(
    fc.property(tree, (sketch) => {
      const roles = rolesOf(sketch);
      const finder = new TargetFinder(roles);
      // Twice, as what was picked out for a folder is kept.
      for (const path of [...PATHS, ...PATHS]) {
        const expected = outcome(() => findTarget(roles, path));
        expect(outcome(() => finder.find(path))).toEqual(expected);
        if (expected !== undefined && expected !== 'targets') found++;
      }
    }),
    { seed: 8, numRuns: 1500 },
  );
  expect(found).toBeGreaterThan(1000);
});

it('REQ-REG-010 a search is bounded', () => {
  const names = Array.from({ length: 65 }, (_, i) => `r${i}`);
  const delegates = names.map((name) => ({ name, terminating: false, by: { paths: ['x/*'] } }));
  const leaves = names.map((name) => [name, { targets: [], delegates: [] }] as const);
  const roles = rolesOf({ targets: { targets: [], delegates }, ...Object.fromEntries(leaves) });
  const expected = outcome(() => findTarget(roles, 'x/1'));
  expect(expected).toBe('delegation-bounds');
  expect(outcome(() => new TargetFinder(roles).find('x/1'))).toBe(expected);
});

function outcome(find: () => ReturnType<typeof findTarget>): string | undefined {
  try {
    return find()?.role.name;
  } catch (error) {
    return isSymbolonError(error) ? error.code : String(error);
  }
}

interface Sketch {
  readonly targets: readonly string[];
  readonly delegates: readonly {
    readonly name: string;
    readonly terminating: boolean;
    readonly by: object;
  }[];
}

function rolesOf(sketch: Readonly<Record<string, Sketch | undefined>>): Roles {
  return new Map(
    Object.entries(sketch).flatMap(([name, each]) =>
      each === undefined ? [] : [[name, roleOf(name, each)] as const],
    ),
  );
}

function roleOf(name: string, { targets, delegates }: Sketch): TrustedRole {
  const info = { length: 1, hashes: { sha256: '0'.repeat(64) } };
  const roles = delegates.map(({ name: delegate, terminating, by }) => ({
    name: delegate,
    keyids: ['0'.repeat(64)],
    threshold: 1,
    terminating,
    ...by,
  }));
  const signed = {
    _type: 'targets',
    spec_version: '1.0.31',
    version: 1,
    expires: '2027-01-01T00:00:00Z',
    targets: Object.fromEntries(targets.map((path) => [path, info])),
    delegations: { keys: {}, roles },
  };
  const metadata = parseTargets(utf8(JSON.stringify({ signed, signatures: [] })));
  return { name, metadata, expires: later(1), depth: 0 };
}
