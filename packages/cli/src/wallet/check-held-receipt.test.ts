import { addHours, parseInstant } from '@symbolon/protocol/instant';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Decided, type LoggedDecisions, loggedDecisions } from '../testing/logged-decisions.ts';
import { loggedRegistry } from '../testing/logged-registry.ts';
import { checkHeldReceipt, type ReceiptClaim } from './check-held-receipt.ts';

const NOW = parseInstant('2026-11-21T21:12:34Z');
const GREEN: Decided = {
  ...{ region: 'CN-BJ', scheme: 'health', level: 'green', rule: 'clear@1', authority: 'cdc' },
  decidedAt: NOW,
};
const RED: Decided = { ...GREEN, level: 'red', rule: 'confirmed@1', sequence: 2 };

let log: LoggedDecisions;
let text: Record<'green' | 'greenWitnessed' | 'red' | 'redWitnessed' | 'ended' | 'haidian', string>;
beforeAll(async () => {
  log = await loggedDecisions('log.example/cn-bj', NOW);
  text = {
    green: await log.receipt(GREEN, 'log'),
    greenWitnessed: await log.receipt(GREEN, 'witnesses'),
    red: await log.receipt(RED, 'log'),
    redWitnessed: await log.receipt(RED, 'witnesses'),
    ended: await log.receipt({ ...GREEN, mode: 'ended' }, 'witnesses'),
    haidian: await log.receipt({ ...GREEN, region: 'CN-BJ.haidian' }, 'witnesses'),
  };
});

const registry = () => loggedRegistry(NOW, { 'CN-BJ': log.place }, log.witnesses);
function claim(receipt: string, said: Decided = GREEN, changes: Partial<ReceiptClaim> = {}): ReceiptClaim {
  const { region, scheme, level, rule, authority } = said;
  return { text: receipt, region, scheme, beside: { level, rule, authority }, ...changes };
}
async function found(held: ReceiptClaim, view = registry()) {
  const check = await checkHeldReceipt(held, view);
  return 'problem' in check ? check.problem : [...check.receipt.cosigned.keys()];
}

describe('a receipt in a wallet', () => {
  it('of a favourable level needs the signature of the log only', async () => {
    expect(await found(claim(text.green))).toEqual([]);
    expect(await found(claim(text.greenWitnessed))).toEqual(['witness.example/0', 'witness.example/1']);
  });

  it('REQ-LOG-005 of an adverse level, or of one that nobody knows, needs the witnesses', async () => {
    expect(await found(claim(text.red, RED))).toBe('witnesses-too-few');
    expect(await found(claim(text.redWitnessed, RED))).toHaveLength(2);
    const strict = { ...log.witnesses, threshold: 3 };
    expect(
      await found(claim(text.redWitnessed, RED), loggedRegistry(NOW, { 'CN-BJ': log.place }, strict)),
    ).toBe('witnesses-too-few');
    expect(await found(claim(text.green), { ...registry(), schemes: {} })).toBe('witnesses-too-few');
  });

  it.each<[string, Partial<ReceiptClaim>]>([
    ['region', { region: 'CN-BJ.haidian' }],
    ['scheme', { scheme: 'test' }],
    ['level', { beside: { level: 'yellow', rule: 'clear@1', authority: 'cdc' } }],
    ['rule', { beside: { level: 'green', rule: 'clear@2', authority: 'cdc' } }],
    ['authority', { beside: { level: 'green', rule: 'clear@1', authority: 'community' } }],
    ['no reading of the credentials', { beside: undefined }],
  ])('REQ-LOG-014 of another %s than its credentials is told', async (_name, changes) => {
    expect(await found(claim(text.green, GREEN, changes))).toBe('receipt-mismatch');
  });

  it('REQ-LOG-014 of the end of a status comes with no credential', async () => {
    expect(await found(claim(text.ended))).toBe('receipt-mismatch');
  });

  it('REQ-LOG-003 is of the log of the nearest region above that has one', async () => {
    const said = { ...GREEN, region: 'CN-BJ.haidian' };
    expect(await found(claim(text.haidian, said))).toHaveLength(2);
    const own = (await loggedDecisions('log.example/haidian', NOW)).place;
    const nearer = loggedRegistry(NOW, { 'CN-BJ': log.place, 'CN-BJ.haidian': own }, log.witnesses);
    expect(await found(claim(text.haidian, said), nearer)).toBe('log-origin');
    expect(await found(claim(text.green), loggedRegistry(NOW, {}))).toBe('log-origin');
  });

  it('cannot be checked while a region above cannot be used', async () => {
    const { 'CN-BJ': _, ...regions } = registry().regions;
    const view = { ...registry(), regions, malformedRegions: { 'CN-BJ': 'metadata-missing' } as const };
    const said = { ...GREEN, region: 'CN-BJ.haidian' };
    expect(await found(claim(text.haidian, said), view)).toBe('metadata-missing');
  });

  it('REQ-LOG-004 REQ-LOG-012 REQ-LOG-013 is refused when it was forged or altered', async () => {
    const forger = await loggedDecisions('log.example/cn-bj', NOW, 'a forger');
    expect(await found(claim(await forger.receipt(GREEN, 'log')))).toBe('log-signature');
    expect(await found(claim('TOPSECRET'))).toBe('receipt-malformed');
    expect(await found(claim(bent(text.green, (extra) => (extra.opening.sequence = 7))))).toBe(
      'receipt-commitment',
    );
    expect(await found(claim(bent(text.green, (extra) => (extra.leaf.at = hourBefore()))))).toBe(
      'receipt-commitment',
    );
    expect(await found(claim(bent(text.green, (extra) => (extra.leaf.authority = 'transport'))))).toBe(
      'inclusion-invalid',
    );
  });
});

const hourBefore = () => `${new Date(1000 * addHours(NOW, -2)).toISOString().slice(0, 13)}:00:00Z`;

/** The same proof with something else said in it. */
function bent(
  receipt: string,
  change: (extra: { leaf: { at: string; authority: string }; opening: { sequence: number } }) => unknown,
): string {
  return receipt.replace(/^extra (.*)$/m, (_, encoded: string) => {
    const extra = JSON.parse(Buffer.from(encoded, 'base64').toString());
    change(extra);
    return `extra ${Buffer.from(JSON.stringify(extra)).toString('base64')}`;
  });
}
