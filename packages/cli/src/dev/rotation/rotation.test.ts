import { kidOf } from '@symbolon/keys/kid';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { addHours, parseInstant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { describe, expect, it } from 'vitest';
import { keyEvents, type Moment } from './key-events.ts';
import { timeline } from './timeline.ts';

const START = parseInstant('2026-09-07T00:00:00Z');

function key(seed: string, from: number, to: number): RegionKey {
  const jwk = publicPart(insecurePrivateKeyFromSeed('ES256', seed));
  const window = { notBefore: addHours(START, from), notAfter: addHours(START, to) };
  return { kid: kidOf(jwk), use: 'credential', alg: 'ES256', jwk, ...window };
}

const [first, second, third] = [key('1', 0, 96), key('2', 24, 168), key('3', 72, 216)];

/** What `keyEvents` looks at. */
const momentOf = (keys: readonly RegionKey[], hours: number): Moment => ({
  view: { regions: { 'CN-BJ': { keys } } },
  at: addHours(START, hours),
});
const said = (events: ReturnType<typeof keyEvents>) => events.map(({ kid, what }) => `${kid} ${what}`);

describe('what becomes of the keys', () => {
  it('a first look tells what is there', () => {
    expect(said(keyEvents(undefined, momentOf([first, second], 0)))).toEqual([
      `${first.kid} published`,
      `${second.kid} published`,
      `${first.kid} signs`,
    ]);
  });

  it('a key comes into reserve, signs when the next one does, and leaves', () => {
    const [early, reserve, handed] = [
      momentOf([first, second], 0),
      momentOf([first, second, third], 30),
      momentOf([second, third], 80),
    ];
    expect(said(keyEvents(early, reserve))).toEqual([`${third.kid} published`, `${second.kid} in reserve`]);
    expect(said(keyEvents(reserve, handed))).toEqual([
      `${third.kid} in reserve`,
      `${second.kid} signs`,
      `${first.kid} retired`,
    ]);
    expect(keyEvents(handed, handed)).toEqual([]);
  });

  it('is drawn, a column for six hours', () => {
    const seen = (one: RegionKey, from: number, to: number) => ({
      key: one,
      firstSeen: addHours(START, from),
      lastSeen: addHours(START, to),
    });
    const rows = [seen(first, 0, 95), seen(second, 0, 95), seen(third, 24, 95)];
    const drawn = timeline(rows, 'credential', START, addHours(START, 96)).split('\n');
    expect(drawn.slice(0, 3)).toEqual([
      `  ${first.kid}  ############....`,
      `  ${second.kid}  ----++++++++####`,
      `  ${third.kid}      --------++++`,
    ]);
  });
});
