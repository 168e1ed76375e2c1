import type { StatusClaims } from '@symbolon/credential/model';
import { addHours, addSeconds, type Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../testing/findings-of.ts';
import { HEALTH, HOUR, NOW, SIGNED_AT, trustOf } from '../testing/plain-trust.ts';
import { CLAIMS, decodedOf } from '../testing/presentations.ts';
import { checkTime } from './time.ts';

const at = (seconds: number) => addSeconds(HOUR, seconds);
/** A scheme with an age. */
const AGED: Scheme = { ...HEALTH, ageFrom: 'pcr' };
const check = (changes: Partial<StatusClaims>, now: Instant = NOW, newestSignedAt = HOUR, scheme = AGED) =>
  findingsOf('time', (findings) =>
    checkTime(decodedOf({ ...CLAIMS, ...changes }), scheme, trustOf({ newestSignedAt }), now, findings),
  );

describe('step time: what no honest issuer signs is not authentic', () => {
  it.each<[string, string, Partial<StatusClaims>]>([
    ['REQ-TIM-004', 'time-not-hourly', { issuedAt: at(1) }],
    ['REQ-TIM-004', 'time-not-hourly', { expiresAt: at(3599) }],
    ['REQ-TIM-003', 'validity-too-long', { expiresAt: addHours(HOUR, 25) }],
    ['REQ-TIM-003 no validity', 'validity-too-long', { expiresAt: HOUR }],
    ['REQ-TIM-003 one that ends first', 'validity-too-long', { expiresAt: addHours(HOUR, -1) }],
    ['REQ-TIM-006', 'sample-time', { sampledAt: addHours(HOUR, 1) }],
    ['REQ-TIM-006', 'sample-time', { sampledAt: at(-1) }],
  ])('%s %s', async (_, code, changes) => {
    expect(await check(changes)).toEqual({ result: false, found: [`${code} not-authentic`] });
  });

  it('REQ-TIM-006 sample-time: in a scheme without an age there is none', async () => {
    expect(await check({ sampledAt: HOUR }, NOW, HOUR, HEALTH)).toEqual({
      result: false,
      found: ['sample-time not-authentic'],
    });
  });

  it('the edges: a whole day, a sample of that very hour', async () => {
    const edges = { expiresAt: addHours(HOUR, 24), sampledAt: HOUR };
    expect(await check(edges)).toEqual({ result: true, found: [] });
    expect(await check({ expiresAt: addHours(HOUR, 1), sampledAt: at(-86_400) })).toEqual({
      result: true,
      found: [],
    });
  });
});

describe('step time: the credential and the clock', () => {
  const day = 24 * 3600;
  it.each<[string, number, readonly string[]]>([
    ['REQ-TIM-002 not-yet-valid', -31, ['not-yet-valid not-accepted']],
    ['REQ-TIM-002 within the tolerance', -30, []],
    ['REQ-TIM-001 the last second', day - 1, []],
    ['REQ-TIM-001 expired', day, ['expired not-accepted']],
  ])('%s', async (_, seconds, found) => {
    expect(await check({}, at(seconds), addHours(HOUR, -1))).toEqual({ result: true, found });
  });

  it('REQ-TIM-005 clock: set back behind what was seen signed, beyond the tolerance', async () => {
    expect(await check({}, addSeconds(SIGNED_AT, -30), SIGNED_AT)).toEqual({ result: true, found: [] });
    expect(await check({}, addSeconds(SIGNED_AT, -31), SIGNED_AT)).toEqual({
      result: true,
      found: ['clock referred'],
    });
  });
});
