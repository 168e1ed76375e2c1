import { beforeAll, describe, expect, it } from 'vitest';
import { publishedKey } from '../testing/sample-people.ts';
import { type SamplePublication, samplePublication } from '../testing/sample-publication.ts';
import { OPERATOR_ROLES, operatorKey, overseersOf } from './operators.ts';

let sample: SamplePublication;
beforeAll(async () => {
  sample = await samplePublication();
});

describe('operators are keys that the region file lists under an office with roles', () => {
  it('REQ-ISS-029 answers the published key, for each role that is listed and for no other', () => {
    const { region } = sample.publication;
    const { clerk } = sample.operators;
    const found = OPERATOR_ROLES.filter((role) => {
      try {
        return operatorKey(region, clerk.ref, role).kid === clerk.signer.kid;
      } catch {
        return false;
      }
    });
    expect(found).toEqual(['enrol', 'facts', 'propose']);
    expect(operatorKey(region, clerk.ref, 'propose')).toMatchObject(publishedKey(clerk.signer));
  });

  it.each([
    ['another office', (kid: string) => ({ kid, authority: 'community' })],
    ['no office', (kid: string) => ({ kid, authority: 'bank' })],
    ['what every object inherits', (kid: string) => ({ kid, authority: 'constructor' })],
    ['another key', () => ({ kid: 'AAAAAAAAAAA', authority: 'cdc' })],
  ])('REQ-ISS-029 refuses a key of %s', (_, ref) => {
    const { region } = sample.publication;
    const claimed = ref(sample.operators.clerk.ref.kid);
    expect(() => operatorKey(region, claimed, 'propose')).toThrowError(
      expect.objectContaining({ code: 'operator-unknown' }),
    );
  });
});

describe('overseers', () => {
  it("REQ-ISS-031 are the federation's for a top-level region, and none where it lists none", () => {
    const { federation } = sample.publication;
    expect(overseersOf(federation, undefined)).toEqual(sample.overseers.map(publishedKey));
    const { overseers: _, ...without } = federation;
    expect(overseersOf(without, undefined)).toEqual([]);
  });

  it("REQ-ISS-031 are operators of the parent with the role release, of any office, and never the federation's", () => {
    const { federation, region } = sample.publication;
    expect(overseersOf(federation, region)).toEqual([]);
    const [first] = sample.overseers;
    const authorities = {
      ...region.authorities,
      council: { names: region.names, operators: [{ ...publishedKey(first), roles: ['release'] }] },
    };
    expect(overseersOf(federation, { ...region, authorities }).map(({ kid }) => kid)).toEqual([first.kid]);
  });
});
