import type { JsonObject } from '@symbolon/protocol/strict-json';
import { describe, expect, it } from 'vitest';
import { delegationTo, regionSigners } from '../testing/small-registry.ts';
import { delegationsWith } from './region-delegation.ts';

const henan = delegationTo('CN-HA', await regionSigners('CN-HA'));
const beijing = delegationTo('CN-BJ', await regionSigners('CN-BJ'));

const namesOf = ({ roles }: JsonObject) =>
  (Array.isArray(roles) ? roles : []).map((role) => Object(role).name);

describe('the delegations of a role', () => {
  it('have a region’s keys role before the region, in the order in which regions came, and keep that order', () => {
    const first = delegationsWith({}, [henan, beijing], []);
    expect(namesOf(first)).toEqual(['CN-HA.keys', 'CN-HA', 'CN-BJ.keys', 'CN-BJ']);
    expect(delegationsWith(first, [henan], [])).toEqual(first);
    const left = delegationsWith(first, [], ['CN-HA']);
    expect(namesOf(left)).toEqual(['CN-BJ.keys', 'CN-BJ']);
    // The keys of who left go, and no others.
    expect(left['keys']).toEqual(delegationsWith({}, [beijing], [])['keys']);
  });

  it('keep what this version does not know, where it is', () => {
    const strange = ['a text', { note: 'no name' }, { name: 'CN-GD', keyids: 'none' }];
    const next = delegationsWith({ 'x-order': 1, keys: [], roles: strange }, [henan], []);
    expect(next['x-order']).toBe(1);
    expect(Object(next['roles']).slice(0, 3)).toEqual(strange);
    expect(namesOf(next).slice(3)).toEqual(['CN-HA.keys', 'CN-HA']);
  });

  it.each(['keys', 'CN-HA.keys', '../CN-HA', ''])('REQ-REG-012 name no region %j', (region) => {
    expect(() => delegationsWith({}, [{ ...henan, region }], [])).toThrowError(
      expect.objectContaining({ code: 'id-malformed' }),
    );
  });
});
