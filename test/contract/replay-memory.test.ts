import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { replayMemory } from '@symbolon/aws/dynamodb/replay-memory';
import { REPLAY_SECONDS } from '@symbolon/protocol/limits';
import { createProcessReplayMemory, type SharedReplayMemory } from '@symbolon/verifier/shared-replay-memory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, NOW, type StartedDynamoDb, startTable, TABLE, together } from './issuer-adapters.ts';

/** Whatever keeps the contract of `SharedReplayMemory`. */

let table: StartedDynamoDb;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

const ADAPTERS: readonly (readonly [string, () => SharedReplayMemory])[] = [
  ['memory', createProcessReplayMemory],
  ['DynamoDB', () => replayMemory(table.client, TABLE)],
];

describe.each(ADAPTERS)('REQ-BND-010 a shared replay memory: %s', (_name, open) => {
  let memory: SharedReplayMemory;
  beforeAll(() => {
    memory = open();
  });

  it('answers the first claim of an id with true, and no other', async () => {
    expect(await memory.claim('first', NOW)).toBe(true);
    expect(await memory.claim('first', NOW)).toBe(false);
    expect(await memory.claim('second', NOW)).toBe(true);
  });

  it('of fifty claims at once, one', async () => {
    const answers = await together(50, () => memory.claim('at once', NOW));
    expect(answers.filter((first) => first)).toHaveLength(1);
  });

  it('of fifty ids at once, each', async () => {
    const answers = await together(50, (index) => memory.claim(`each ${index}`, NOW));
    expect(answers).toEqual(Array.from({ length: 50 }, () => true));
  });

  it('to the last second of the window, and then as if it had never come', async () => {
    expect(await memory.claim('window', NOW)).toBe(true);
    expect(await memory.claim('window', at(REPLAY_SECONDS))).toBe(false);
    expect(await memory.claim('window', at(REPLAY_SECONDS + 1))).toBe(true);
    expect(await memory.claim('window', at(REPLAY_SECONDS + 2))).toBe(false);
  });

  it('not longer because it was claimed again', async () => {
    expect(await memory.claim('again', NOW)).toBe(true);
    expect(await memory.claim('again', at(80))).toBe(false);
    expect(await memory.claim('again', at(REPLAY_SECONDS + 1))).toBe(true);
  });

  it('of fifty claims at once after the window, one', async () => {
    await memory.claim('once more', NOW);
    const answers = await together(50, () => memory.claim('once more', at(REPLAY_SECONDS + 1)));
    expect(answers.filter((first) => first)).toHaveLength(1);
  });

  it('also by a scanner whose clock is behind', async () => {
    expect(await memory.claim('behind', NOW)).toBe(true);
    expect(await memory.claim('behind', at(-REPLAY_SECONDS))).toBe(false);
  });
});

describe('DynamoDB', () => {
  it('keeps what was claimed when another process asks, and no more of it than when it ends', async () => {
    expect(await replayMemory(table.client, TABLE).claim('kept', NOW)).toBe(true);
    expect(await replayMemory(table.client, TABLE).claim('kept', NOW)).toBe(false);
    const Key = { pk: { S: 'REPLAY#kept' }, sk: { S: '-' } };
    const { Item } = await table.client.send(new GetItemCommand({ TableName: TABLE, Key }));
    expect(Item).toEqual({ ...Key, expiresAt: { N: String(NOW + REPLAY_SECONDS) } });
  });

  it('REQ-ISS-018 a table that does not answer is storage-failed, and never the first claim', async () => {
    const broken = replayMemory(table.client, 'no-such-table');
    await expect(broken.claim('lost', NOW)).rejects.toMatchObject({ code: 'storage-failed' });
  });
});
