import type { Policy } from '@symbolon/protocol/schemas/policy';
import { readPolicy } from '@symbolon/verifier/policy';
import { describe, expect, it } from 'vitest';
import { checkVenuePolicy } from './sign-venue-code.ts';

const policy: Policy = readPolicy({
  region: 'CN-GD',
  purpose: 'venue-entry',
  schemes: ['health'],
  accept: 'health.level == "green"',
});
const refusal = (changes: Partial<Policy>) => {
  try {
    checkVenuePolicy({ region: 'CN-GD', venue: 'gate', policy: { ...policy, ...changes }, hours: 1 });
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : error;
  }
};

describe('a policy for a venue code says nothing that the code cannot say', () => {
  it.each<[string, Partial<Policy>, RegExp | undefined]>([
    ['as it is', {}, undefined],
    ['that asks for a nonce, as every venue does', { requireNonce: true }, undefined],
    ['that refuses several holders, as every venue does', { onSeveralHolders: 'refused' }, undefined],
    ['of another region', { region: 'CN-BJ' }, /^UsageError: .*another region/],
    ['with a nonce of its own', { venue: { audience: 'urn:x', nonce: 'n' } }, /leave "venue" out/],
    ['for several holders', { onSeveralHolders: 'referred' }, /leave "onSeveralHolders" out/],
  ])('%s', (_name, changes, sentence) => {
    if (sentence === undefined) expect(refusal(changes)).toBeUndefined();
    else expect(refusal(changes)).toMatch(sentence);
  });
});
