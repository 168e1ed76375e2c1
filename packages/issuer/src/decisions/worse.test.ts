import { expect, it } from 'vitest';
import { samplePublication } from '../testing/sample-publication.ts';
import { isWorse } from './worse.ts';

const { scheme } = await samplePublication();

it.each([
  ['an adverse level', 'red', 'automatic', true],
  ['also one that is milder than what was before', 'amber', 'manual', true],
  ['one that came with a merge', 'red', 'merged', true],
  ['a favourable level', 'green', 'automatic', false],
  ['the end of a favourable one', 'green', 'ended', true],
  ['the end of an adverse one', 'red', 'ended', false],
  ['a level that the scheme does not have', 'mauve', 'automatic', true],
  ['the end of such a one', 'mauve', 'ended', true],
] as const)('REQ-ISS-037 %s: %s, %s, waits for witnesses: %s', (_, level, mode, expected) => {
  expect(isWorse(scheme, { level, mode })).toBe(expected);
});

it('REQ-ISS-037 of a scheme that is not there every decision waits', () => {
  expect(isWorse(undefined, { level: 'green', mode: 'automatic' })).toBe(true);
});
