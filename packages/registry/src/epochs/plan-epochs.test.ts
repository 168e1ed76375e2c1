import { kidOf } from '@symbolon/keys/kid';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { addHours, type Instant, parseInstant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { describe, expect, it } from 'vitest';
import { keepHours, planEpochs, signingOrder } from './plan-epochs.ts';

const NOW = parseInstant('2026-09-07T08:00:00Z');
const SETTINGS = { epochHours: 168, leadHours: 96, keepHours: 984 };

function key(seed: string, notBefore: Instant, more: Partial<RegionKey> = {}): RegionKey {
  const jwk = publicPart(insecurePrivateKeyFromSeed('ES256', seed));
  const notAfter = addHours(notBefore, 504);
  return { kid: kidOf(jwk), use: 'credential', alg: 'ES256', jwk, notBefore, notAfter, ...more };
}

/** What a region's keys are after so many hours of a scheduled run, with runs left out for a while. */
function run(hours: number, isDown: (hour: number) => boolean = () => false) {
  let keys: readonly RegionKey[] = [key('first', NOW)];
  const published = new Map<string, Instant>([[keys[0]?.kid ?? '', addHours(NOW, -SETTINGS.leadHours)]]);
  const signed: string[] = [];
  for (let hour = 0; hour < hours; hour++) {
    const now = addHours(NOW, hour);
    const { make, retire } = planEpochs(keys, 'credential', now, SETTINGS);
    if (!isDown(hour)) {
      keys = keys.filter(({ kid }) => !retire.includes(kid));
      if (make !== undefined) {
        const made = key(`made at ${hour}`, make.notBefore, { notAfter: make.notAfter });
        published.set(made.kid, now);
        keys = [...keys, made];
      }
    }
    const [signer] = signingOrder(keys, 'credential', now);
    expect(signer, `hour ${hour}`).toBeDefined();
    const lead = now - (published.get(signer?.kid ?? '') ?? now);
    expect(lead, `lead in hour ${hour}`).toBeGreaterThanOrEqual(SETTINGS.leadHours * 3600);
    signed.push(signer?.kid ?? '');
  }
  return { keys, signed };
}

describe('REQ-KEY-012 epochs', () => {
  it('a year of hourly runs: every key has its lead before it signs, and signs for one epoch', () => {
    const { keys, signed } = run(365 * 24);
    expect(keys.length).toBeLessThanOrEqual(10);
    const lengths = [...Map.groupBy(signed, (kid) => kid).values()].map((hours) => hours.length);
    // The first key has no predecessor, and the last one is not at its end.
    for (const length of lengths.slice(1, -1)) expect(length).toBe(SETTINGS.epochHours);
  });

  it.each([0, 50, 72, 73, 100, 167])(
    'five days without a run from hour %i on: the old key signs on',
    (from) => {
      run(60 * 24, (hour) => hour >= from && hour < from + 120);
    },
  );

  it('a second run in the same hour makes nothing more', () => {
    const first = key('first', NOW);
    const { make } = planEpochs([first], 'credential', NOW, SETTINGS);
    const second = key('second', make?.notBefore ?? NOW, make);
    expect(planEpochs([first, second], 'credential', NOW, SETTINGS)).toEqual({ make: undefined, retire: [] });
  });

  it('after a revocation the reserve signs at once, and another key is made', () => {
    const revoked = { since: NOW, reason: 'leaked' };
    const [signing, reserve] = [key('signing', addHours(NOW, -200)), key('reserve', addHours(NOW, -32))];
    expect(signingOrder([signing, reserve], 'credential', NOW)[0]).toBe(signing);
    const left = [{ ...signing, revoked }, reserve];
    expect(signingOrder(left, 'credential', NOW)).toEqual([reserve]);
    expect(planEpochs(left, 'credential', NOW, SETTINGS).make?.notBefore).toBe(addHours(NOW, 96));
  });

  it('a key of someone else that begins far ahead is no reserve: nobody is kept from the next key', () => {
    const horizon = addHours(NOW, SETTINGS.leadHours + SETTINGS.epochHours);
    const [one, two] = [key('one', addHours(NOW, -200)), key('two', addHours(NOW, -100))];
    const plan = (far: Instant) => planEpochs([one, two, key('far', far)], 'credential', NOW, SETTINGS).make;
    expect(planEpochs([one, two], 'credential', NOW, SETTINGS).make?.notBefore).toBe(addHours(NOW, 96));
    expect(plan(horizon)).toBeUndefined();
    expect(plan(addHours(horizon, 1))?.notBefore).toBe(addHours(NOW, 96));
  });

  it('a key of someone else as far ahead as counts leaves no hour without one', () => {
    const far = key('far', addHours(NOW, SETTINGS.leadHours + SETTINGS.epochHours));
    let keys = [key('one', addHours(NOW, -168)), key('two', NOW)];
    for (let hour = 0; hour < 60 * 24; hour++) {
      const now = addHours(NOW, hour);
      const { make } = planEpochs([...keys, far], 'credential', now, SETTINGS);
      if (make !== undefined) keys = [...keys, key(`made at ${hour}`, make.notBefore)];
      expect(signingOrder(keys, 'credential', now).length, `hour ${hour}`).toBeGreaterThan(0);
    }
  });

  it('a date at the end of time stops no plan', () => {
    const last = parseInstant('9999-12-31T23:00:00Z');
    const revoked = { since: NOW, reason: 'x' };
    const junk = { ...key('junk', NOW), notBefore: addHours(last, -24), notAfter: last, revoked };
    expect(planEpochs([junk, { ...junk, kid: 'k', notBefore: NOW }], 'credential', NOW, SETTINGS)).toEqual({
      make: { notBefore: addHours(NOW, 96), notAfter: addHours(NOW, 600) },
      retire: [],
    });
    expect(planEpochs([junk], 'credential', last, SETTINGS).make?.notAfter).toBe(
      parseInstant('9999-12-31T23:59:59Z'),
    );
  });

  it('REQ-CER-003 a key stays for the longest validity that there can be, and the oldest registry', () => {
    expect(keepHours({ blockAfterHours: 240 })).toBe(31 * 24 + 240);
  });

  it('keys of another use, keys not begun and keys ended do not sign', () => {
    const keys = [
      key('status', addHours(NOW, -1), { use: 'status' }),
      key('next', addHours(NOW, 1)),
      key('ended', addHours(NOW, -504)),
    ];
    expect(signingOrder(keys, 'credential', NOW)).toEqual([]);
  });
});
