import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { issueStatusListToken } from '@symbolon/status/issue';
import { describe, expect, it } from 'vitest';
import {
  bitstringOf,
  HOUR,
  LIST,
  lister,
  NOW,
  SIGNED_AT,
  stranger,
  trustOf,
} from '../testing/plain-trust.ts';
import { openEveryList } from './open-every-list.ts';

const tokenAt = (issuedAt = SIGNED_AT) =>
  issueStatusListToken({
    uri: LIST,
    entries: Uint8Array.of(0),
    bits: 2,
    issuedAt,
    expiresAt: addHours(HOUR, 24),
    ttlSeconds: 900,
    signer: lister,
  });

async function open(bitstring: string, token: string) {
  const lists = [
    { region: 'CN-HA', id: '498861', token },
    { region: 'CN-HA', id: '498861.revocation', token: bitstring },
    { region: 'CN-XX', id: '498861.revocation', token: bitstring },
  ];
  const { lists: good, badLists } = await openEveryList(trustOf().registry, lists, NOW);
  return { good: Object.fromEntries(good), bad: Object.fromEntries(badLists) };
}

describe('opening lists of both kinds', () => {
  it('tells when those that can be believed were issued and end', async () => {
    const { text } = await bitstringOf('revocation', [], { expiresAt: addHours(HOUR, 5) });
    const { good, bad } = await open(text, await tokenAt());
    expect(bad).toEqual({});
    expect(good).toMatchObject({
      [LIST]: { issuedAt: SIGNED_AT, expiresAt: addHours(HOUR, 24) },
      [`${LIST}.revocation`]: { issuedAt: SIGNED_AT, expiresAt: addHours(HOUR, 5) },
    });
  });

  it.each([
    ['REQ-SIG-001', 'signature-invalid', { signer: { ...stranger, kid: lister.kid } }, SIGNED_AT],
    ['REQ-TIM-005', 'clock', { issuedAt: addSeconds(NOW, 31) }, SIGNED_AT],
    ['REQ-STA-009', 'status-list-rollback', {}, addSeconds(SIGNED_AT, 1)],
  ] as const)('%s %s', async (_, code, order, tokenIssuedAt) => {
    const { text } = await bitstringOf('revocation', [], order);
    const { good, bad } = await open(text, await tokenAt(tokenIssuedAt));
    expect(bad).toEqual({ [`${LIST}.revocation`]: code });
    expect(Object.keys(good)).toEqual([LIST]);
  });
});
