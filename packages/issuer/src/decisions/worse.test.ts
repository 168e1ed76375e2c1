import { expect, it } from 'vitest';
import { samplePublication } from '../testing/sample-publication.ts';
import { isWorse } from './worse.ts';

const { scheme } = await samplePublication();

it.each([
  ['an adverse level', 'red', 'automatic', true],
  ['also one that is not the strictest', 'amber', 'manual', true],
  ['one that came with a merge', 'red', 'merged', true],
  ['a favourable level', 'green', 'automatic', false],
  ['the end of a favourable one', 'green', 'ended', true],
  ['the end of an adverse one', 'red', 'ended', false],
  ['a level that the scheme does not have', 'mauve', 'automatic', true],
  ['the end of such a one', 'mauve', 'ended', true],
] as const)('REQ-ISS-037 %s: %s, %s, waits for witnesses: %s', (_, level, mode, expected) => {
  expect(isWorse(scheme, { level, mode })).toBe(expected);
});

it.each([
  ['an adverse level', 'amber', 'automatic', false],
  ['one that the scheme does not have', 'mauve', 'automatic', true],
  ['the end of a favourable one, as nothing is milder than that', 'green', 'ended', true],
] as const)(
  'REQ-ISS-037 where something stricter is in effect, %s: %s, %s, waits: %s',
  (_, level, mode, expected) => {
    expect(isWorse(scheme, { level, mode, milderThan: 1 })).toBe(expected);
  },
);

it('REQ-ISS-037 of a scheme that is not there every decision waits', () => {
  expect(isWorse(undefined, { level: 'green', mode: 'automatic' })).toBe(true);
});
