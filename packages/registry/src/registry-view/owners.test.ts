import { describe, expect, it } from 'vitest';
import { ownerOf } from './owners.ts';

describe('REQ-REG-012 whose word counts for a path', () => {
  it.each([
    ['regions/CN-HA/keys.json', 'CN-HA.keys'],
    ['regions/CN-HA/region.json', 'CN-HA'],
    ['regions/CN-HA/rules.health.json', 'CN-HA'],
    ['regions/CN-HA/anything/deeper', 'CN-HA'],
    ['regions/CN-HA/sub/keys.json', 'CN-HA'],
    ['regions/CN-HB.wuhan/keys.json', 'CN-HB.wuhan.keys'],
    ['regions/CN-HB.keys/keys.json', null],
    ['regions/-/region.json', null],
    ['federation.json', 'targets'],
    ['dictionary.json', 'targets'],
    ['schemes/health.json', 'targets'],
    ['regions/readme.txt', undefined],
    ['risk/2026-09-07.json', undefined],
  ])('%s: %s', (path, owner) => {
    expect(ownerOf(path)).toBe(owner);
  });
});
