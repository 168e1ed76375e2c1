import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { instant } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { chooseTogether, keysBeside } from './choose.ts';
import type { HeldCredential, Wallet } from './wallet-file.ts';

/** `health a`: a health credential for key a; `health a!`: one that was shown. */
function walletOf(...held: readonly string[]): Wallet {
  const credentials = held.map((text): HeldCredential => {
    const [scheme = '', seed = '', ...more] = text.replace('!', '').split(' ');
    return {
      scheme,
      format: more.includes('ldp') ? 'ldp_vc' : 'dc+sd-jwt',
      credential: text.replace('!', ''),
      key: insecurePrivateKeyFromSeed('ES256', seed),
      ...(more.includes('child') ? { dependant: 'child' } : {}),
      receivedAt: instant(1_800_000_000),
      used: text.includes('!'),
    };
  });
  return { symbolonTestWallet: 1, credentials };
}

const FORMAT = { format: 'dc+sd-jwt' } as const;
function chosen(held: readonly string[], schemes: readonly string[], more: object = {}) {
  const found = chooseTogether(walletOf(...held), { schemes, ...FORMAT, ...more });
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
    keysBeside(walletOf(...held), 'health', 'test', FORMAT).map(({ x }) => x);
  const x = (seed: string) => insecurePrivateKeyFromSeed('ES256', seed).x;

  it('those of its unused credentials, the oldest first', () => {
    expect(keysOf('health a', 'health b!', 'health c', 'travel d')).toEqual([x('a'), x('c')]);
  });

  it('none that has one already, and none that was shown with another', () => {
    expect(keysOf('health a', 'test a', 'health b', 'travel b!', 'health c')).toEqual([x('c')]);
  });

  it('of one format and one person only', () => {
    expect(keysOf('health a ldp', 'health b child')).toEqual([]);
  });
});
