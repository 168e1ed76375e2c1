import { isDeepStrictEqual } from 'node:util';
import type { OpenedTrust } from '@symbolon/verifier/open-trust';
import type { Outcome } from '../target.ts';
import { failed } from './verdict-oracle.ts';

/**
 * Of what was made of a bundle, a client may believe what the genuine one says, or less: a region whose files are damaged is not used, a list that cannot be
 * believed is not read. It believes nothing else, and forgets nothing.
 */
export function comparedTrust({ trust, state }: OpenedTrust, genuine: OpenedTrust): Outcome {
  const { regions, malformedRegions, ...federal } = trust.registry;
  const expected = genuine.trust.registry;
  const { regions: _regions, malformedRegions: _malformed, ...expectedFederal } = expected;
  if (!isDeepStrictEqual(federal, expectedFederal)) return failed('opened, with another federation');
  if (trust.newestSignedAt !== genuine.trust.newestSignedAt) return failed('opened, with another time');
  for (const [region, view] of Object.entries(regions)) {
    if (!isDeepStrictEqual(view, expected.regions[region])) return failed('opened, with another region');
  }
  const known = new Set([...Object.keys(regions), ...Object.keys(malformedRegions)]);
  if (!isDeepStrictEqual([...known].sort(), regionsOf(genuine)))
    return failed('opened, and a region is gone');
  for (const [uri, list] of trust.lists) {
    if (!isDeepStrictEqual(list, genuine.trust.lists.get(uri))) return failed('opened, with another list');
  }
  const forgotten = Object.entries(genuine.state).find(
    ([name, value]) =>
      name !== 'keysSeenAt' &&
      !isDeepStrictEqual(Object.entries(state).find(([other]) => other === name)?.[1], value),
  );
  if (forgotten !== undefined) return failed(`opened, and the state has another ${forgotten[0]}`);
  const isWhole = Object.keys(malformedRegions).length === 0 && trust.lists.size === genuine.trust.lists.size;
  return { kind: isWhole ? 'unchanged' : 'lessened' };
}

function regionsOf({ trust: { registry } }: OpenedTrust): readonly string[] {
  return [...Object.keys(registry.regions), ...Object.keys(registry.malformedRegions)].sort();
}
