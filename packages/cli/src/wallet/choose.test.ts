import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { addSeconds, instant } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { chooseTogether, expiredSchemes, keysBeside } from './choose.ts';
import type { DatedCredential } from './dated.ts';

const NOW = instant(1_800_000_000);
const END = { old: NOW, garbled: undefined, brief: addSeconds(NOW, 1) } as const;

/** `health a`: a valid health credential for key a; `health a!`: one that was shown; `health a old`: one that ends this second. */
function walletOf(...held: readonly string[]): readonly DatedCredential[] {
  return held.map((text): DatedCredential => {
    const [scheme = '', seed = '', ...more] = text.replace('!', '').split(' ');
    const end = (['old', 'garbled'] as const).find((each) => more.includes(each)) ?? 'brief';
    return {
      scheme,
      format: more.includes('ldp') ? 'ldp_vc' : 'dc+sd-jwt',
      credential: text.replace('!', ''),
      key: insecurePrivateKeyFromSeed('ES256', seed),
      ...(more.includes('child') ? { dependant: 'child' } : {}),
      receivedAt: addSeconds(NOW, -3600),
      used: text.includes('!'),
      expiresAt: END[end],
    };
  });
}

const WHOSE = { format: 'dc+sd-jwt', now: NOW } as const;
function chosen(held: readonly string[], schemes: readonly string[], more: object = {}) {
  const found = chooseTogether(walletOf(...held), { schemes, ...WHOSE, ...more });
  return found && [...found.held.map(({ credential }) => credential), ...(found.isFresh ? [] : ['stale'])];
}

describe('what is shown together', () => {
  it.each<[string, readonly string[], readonly string[], readonly string[] | undefined]>([
    ['the newest', ['health a', 'health b'], ['health'], ['health b']],
    ['the newest that was not shown', ['health a', 'health b!'], ['health'], ['health a']],
    ['the newest, when all were shown', ['health a!', 'health b!'], ['health'], ['health b', 'stale']],
    ['nothing, where there is none', ['test a'], ['health'], undefined],
    [
      'one of each, for one key, in the order asked for',
      ['health a', 'health b', 'test a', 'test c'],
      ['test', 'health'],
      ['test a', 'health a'],
    ],
    [
      'a pair whose key nobody has seen, before a newer one',
      ['health a', 'health b', 'test a', 'test b!'],
      ['health', 'test'],
      ['health a', 'test a'],
    ],
    [
      'a pair that was shown, before one that is none',
      ['health a!', 'test a!', 'health b', 'test c'],
      ['health', 'test'],
      ['health a', 'test a', 'stale'],
    ],
    [
      'as many as one key has',
      ['health a', 'test a', 'travel b'],
      ['travel', 'health', 'test'],
      ['health a', 'test a'],
    ],
    ['one alone, whose key was shown with another', ['health a!', 'test a'], ['test'], ['test a', 'stale']],
    [
      'one that was shown, before an unused one that has expired',
      ['health a old', 'health b!'],
      ['health'],
      ['health b', 'stale'],
    ],
    [
      'one that is valid alone, before a pair that has expired',
      ['health a old', 'test a old', 'health b'],
      ['health', 'test'],
      ['health b'],
    ],
    [
      'half a pair, when the other half has expired',
      ['health a', 'test a old'],
      ['health', 'test'],
      ['health a'],
    ],
    ['nothing, where all has expired', ['health a old', 'health b old'], ['health'], undefined],
    ['none that cannot be read', ['health a', 'health b garbled'], ['health'], ['health a']],
    [
      'one whose key was shown with one that has expired',
      ['test a! old', 'health a'],
      ['health'],
      ['health a', 'stale'],
    ],
    ['the newest of one key', ['health a', 'health2 a', 'test a'], ['health'], ['health a']],
  ])('%s', (_name, held, schemes, expected) => {
    expect(chosen(held, schemes)).toEqual(expected);
  });

  it('of one format and one person only', () => {
    const held = ['health a', 'health b ldp', 'health c child'];
    expect(chosen(held, ['health'])).toEqual(['health a']);
    expect(chosen(held, ['health'], { format: 'ldp_vc' })).toEqual(['health b ldp']);
    expect(chosen(held, ['health'], { dependant: 'child' })).toEqual(['health c child']);
  });
});

describe('keys to ask for another scheme with', () => {
  const keysOf = (...held: readonly string[]) =>
    keysBeside(walletOf(...held), 'health', 'test', WHOSE).map(({ x }) => x);
  const x = (seed: string) => insecurePrivateKeyFromSeed('ES256', seed).x;

  it('those of its unused credentials, the oldest first', () => {
    expect(keysOf('health a', 'health b!', 'health c', 'travel d')).toEqual([x('a'), x('c')]);
  });

  it('none that has one already, and none that was shown with another', () => {
    expect(keysOf('health a', 'test a', 'health b', 'travel b!', 'health c')).toEqual([x('c')]);
  });

  it('none whose credential has expired or cannot be read, and those whose other one has expired', () => {
    expect(keysOf('health a old', 'health b garbled', 'health c', 'test c old', 'health d')).toEqual([
      x('c'),
      x('d'),
    ]);
    expect(keysOf('health a old', 'travel a')).toEqual([]);
  });

  it('none that was shown with one that has expired', () => {
    expect(keysOf('health a', 'travel a! old')).toEqual([]);
  });

  it('of one format and one person only', () => {
    expect(keysOf('health a ldp', 'health b child')).toEqual([]);
  });
});

describe('schemes that have expired', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['all of which has', ['health a old', 'health b! old'], ['health']],
    ['not one with a valid credential, shown or not', ['health a old', 'health b!', 'test c old'], ['test']],
    ['not one that was never there, or cannot be read', ['health a garbled'], []],
    ['not those of another format or person', ['health a old ldp', 'test b old child'], []],
  ])('%s', (_name, held, expected) => {
    expect(expiredSchemes(walletOf(...held), { schemes: ['health', 'test'], ...WHOSE })).toEqual(expected);
  });
});
