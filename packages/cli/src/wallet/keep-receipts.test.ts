import { addHours, addSeconds, DAY_SECONDS, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LoggedDecisions, loggedDecisions } from '../testing/logged-decisions.ts';
import { decidedAt, withoutOld, withReceipt } from './keep-receipts.ts';
import type { HeldReceipt } from './wallet-file.ts';

const NOW = parseInstant('2026-11-21T21:12:34Z');
const days = (count: number) => addSeconds(NOW, count * DAY_SECONDS);

let log: LoggedDecisions;
beforeAll(async () => {
  log = await loggedDecisions('log.example/cn-bj', NOW);
});

const beside = { level: 'green', rule: 'clear@1', authority: 'cdc' };
const textOf = (at: Instant) =>
  log.receipt({ region: 'CN-BJ', scheme: 'health', ...beside, decidedAt: at }, 'log');
function held(text: string, changes: Partial<HeldReceipt> = {}): HeldReceipt {
  const checked = { at: NOW, witnesses: 0 };
  return { text, region: 'CN-BJ', scheme: 'health', beside, receivedAt: NOW, checked, ...changes };
}

describe('a wallet keeps one receipt for each decision', () => {
  const by = (witnesses: number, problem?: string): HeldReceipt['checked'] => ({
    at: NOW,
    witnesses,
    ...(problem !== undefined && { problem }),
  });

  it.each<[string, HeldReceipt['checked'], HeldReceipt['checked'], 'old' | 'new']>([
    ['the newer of equal ones', by(0), by(0), 'new'],
    ['the one with more witnesses', by(0), by(2), 'new'],
    ['the one with more witnesses, though it is older', by(2), by(0), 'old'],
    ['one that proves something', by(0, 'witnesses-too-few'), by(0), 'new'],
    ['never one that proves nothing in its place', by(0), by(2, 'log-signature'), 'old'],
  ])('%s', async (_name, before, after, expected) => {
    const text = await textOf(NOW);
    const old = held(text, { checked: before });
    const fresh = held(text, { checked: after, receivedAt: addHours(NOW, 1) });
    const kept = withReceipt([old], fresh);
    expect(kept).toEqual([expected === 'new' ? fresh : { ...old, receivedAt: fresh.receivedAt }]);
  });

  it('and those of other decisions beside it, whatever they are worth', async () => {
    const [first, second] = [held(await textOf(NOW)), held(await textOf(NOW))];
    const damaged = held('of a later version', { checked: by(0, 'receipt-malformed') });
    const all = [first, second, damaged].reduce<readonly HeldReceipt[]>(withReceipt, []);
    expect(all).toEqual([first, second, damaged]);
    expect(withReceipt(all, damaged)).toHaveLength(3);
  });
});

describe('a receipt is kept for 90 days', () => {
  const kept = (receipt: HeldReceipt, now: Instant) => withoutOld([receipt], [], now).length;

  it('after its decision, to the second', async () => {
    const receipt = held(await textOf(NOW));
    expect(kept(receipt, addSeconds(days(90), -1))).toBe(1);
    expect(kept(receipt, days(90))).toBe(0);
  });

  it('after it came, when it is none, or says that it was decided later than that', async () => {
    for (const receipt of [held('damaged'), held(await textOf(days(1000)))]) {
      expect(decidedAt(receipt)).toBe(NOW);
      expect([kept(receipt, addSeconds(days(90), -1)), kept(receipt, days(90))]).toEqual([1, 0]);
    }
  });

  it('and longer while the wallet has credentials of its last batch', async () => {
    const receipt = held(await textOf(days(-200)), { receivedAt: NOW });
    expect(kept(receipt, NOW)).toBe(0);
    const { key, ...credential } = {
      key: { kty: 'EC', crv: 'P-256', x: '', y: '', d: '' } as const,
      credential: '',
    };
    const of = {
      scheme: 'health',
      format: 'dc+sd-jwt',
      receivedAt: NOW,
      used: false,
      key,
      ...credential,
    } as const;
    expect(withoutOld([receipt], [of], NOW)).toEqual([receipt]);
    expect(withoutOld([receipt], [{ ...of, scheme: 'test' }], NOW)).toEqual([]);
    expect(withoutOld([receipt], [{ ...of, dependant: 'child' }], NOW)).toEqual([]);
    expect(withoutOld([receipt], [{ ...of, receivedAt: days(-1) }], NOW)).toEqual([]);
  });
});
