import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { addSeconds, parseInstant } from '@symbolon/protocol/instant';
import { expect, it } from 'vitest';
import { UsageError } from '../usage-error.ts';
import type { TokenOrder } from './access-token.ts';
import { operatorTokens } from './operator-tokens.ts';

const NOW = parseInstant('2026-09-07T08:00:00Z');
const signer = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'operator-1'));
const order = { issuer: 'https://cn-bj.symbolon.test', signer };

it('REQ-ISS-003 asks for a token of one role, and keeps it for as long as it lives', async () => {
  const asked: string[] = [];
  const request = async ({ role, now }: TokenOrder) => {
    asked.push(role);
    return { token: `${role} ${asked.length}`, expiresAt: addSeconds(now, 600) };
  };
  const tokens = operatorTokens({ endpoint: 'http://127.0.0.1:1/token', ...order }, request);
  const at = (seconds: number, role = 'facts') => tokens(role, addSeconds(NOW, seconds));
  expect([await at(0), await at(539), await at(540), await at(541, 'enrol'), await at(600)]).toEqual([
    'facts 1',
    'facts 1',
    'facts 2',
    'enrol 3',
    'facts 2',
  ]);
});

it('says what to do when nothing says where tokens come from', async () => {
  const request = () => expect.unreachable();
  await expect(operatorTokens({ endpoint: undefined, ...order }, request)('facts', NOW)).rejects.toThrow(
    UsageError,
  );
});
