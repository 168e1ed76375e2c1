import type { LogRegistry } from '@symbolon/audit/log-of-region';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { createLocalSigner } from '@symbolon/keys/signer';
import { addHours, hourFloor, parseInstant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LoggedDecisions, loggedDecisions } from '../testing/logged-decisions.ts';
import { loggedRegistry } from '../testing/logged-registry.ts';
import { receiveReceipt } from './receive-receipt.ts';
import type { HeldCredential } from './wallet-file.ts';

const NOW = parseInstant('2026-11-21T21:12:34Z');
const ISSUER = 'https://ha.example';
const SAID = { scheme: 'health', level: 'green', rule: 'clear@1', authority: 'cdc' } as const;
const signer = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'issuer'));
const random = insecureRandomFromSeed('receive');

let log: LoggedDecisions;
let text: string;
beforeAll(async () => {
  log = await loggedDecisions('log.example/cn-bj', NOW);
  text = await log.receipt({ region: 'CN-BJ', ...SAID, decidedAt: NOW }, 'log');
});
const registry = () => loggedRegistry(NOW, { 'CN-BJ': log.place }, log.witnesses);

async function minted(changes: object = {}, issuer = ISSUER): Promise<HeldCredential> {
  const key = insecurePrivateKeyFromSeed('ES256', 'holder');
  const claims = {
    ...{ ...SAID, major: 1, assurance: 'high', bearer: false, contested: false },
    ...{ issuedAt: hourFloor(NOW), expiresAt: addHours(hourFloor(NOW), 6), ...changes },
    holderKey: (await createLocalSigner(key)).publicJwk,
  };
  const details = { reason: 'Clear', evidence: 'none' };
  const credential = await issueSdJwt({ issuer, claims, details, signer, random });
  return { scheme: 'health', format: 'dc+sd-jwt', credential, key, receivedAt: NOW, used: false };
}

async function received(receipt: string | undefined, batch: readonly HeldCredential[], view = registry()) {
  const from = { region: 'CN-BJ', issuers: [ISSUER, 'did:web:ha.example'], registry: view };
  const { check, held } = await receiveReceipt(receipt, batch, from);
  const problem = check !== undefined && 'problem' in check ? check.problem : undefined;
  return { problem, isChecked: check !== undefined, held };
}

describe('REQ-LOG-014 a receipt and the whole batch that it came with', () => {
  it('holds when all credentials say what it says, and is kept with that', async () => {
    const { problem, isChecked, held } = await received(text, [await minted(), await minted()]);
    expect([problem, isChecked]).toEqual([undefined, true]);
    const { scheme, ...beside } = SAID;
    const checked = { at: NOW, witnesses: 0 };
    expect(held).toEqual({ text, region: 'CN-BJ', scheme, beside, receivedAt: NOW, checked });
  });

  it.each<[string, () => Promise<HeldCredential>]>([
    ['has another level', () => minted({ level: 'yellow' })],
    ['is by another rule', () => minted({ rule: 'clear@2' })],
    ['is by another office', () => minted({ authority: 'community' })],
    ['is of another scheme', () => minted({ scheme: 'test' })],
    ['is of another region', () => minted({}, 'https://elsewhere.example')],
    ['cannot be read', async () => ({ ...(await minted()), credential: 'of a later version' })],
  ])('does not when one of them %s', async (_name, odd) => {
    for (const batch of [
      [await minted(), await odd()],
      [await odd(), await minted()],
    ])
      expect((await received(text, batch)).problem).toBe('receipt-mismatch');
  });

  it('is kept for whom it was asked, and not when it is longer than any receipt', async () => {
    const child = { ...(await minted()), dependant: 'child' };
    expect((await received(text, [child])).held).toMatchObject({ dependant: 'child' });
    const long = await received('a'.repeat(LIMITS.receiptBytes + 1), [child]);
    expect([long.problem, long.held]).toEqual(['receipt-malformed', undefined]);
  });
});

describe('REQ-LOG-022 no receipt', () => {
  const without = async (view: LogRegistry) => (await received(undefined, [await minted()], view)).problem;
  const isBroken = (view: LogRegistry): LogRegistry => ({
    ...{ ...view, regions: {} },
    malformedRegions: { 'CN-BJ': 'region-malformed' },
  });

  it('is told of where the registry names a log, or may name one', async () => {
    expect(await without(registry())).toBe('receipt-missing');
    expect(await without(isBroken(registry()))).toBe('receipt-missing');
  });

  it('is nothing to tell of where there are no logs', async () => {
    expect(await without(loggedRegistry(NOW, {}))).toBe(undefined);
    expect(await without(isBroken(loggedRegistry(NOW, {})))).toBe(undefined);
  });
});
