import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { issuerStores } from '@symbolon/aws/dynamodb/issuer-stores';
import type { Decision } from '@symbolon/issuer/decision';
import type { ProposalRecord } from '@symbolon/issuer/proposal-record';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LATER, NOW, type StartedDynamoDb, startTable, TABLE } from './issuer-adapters.ts';

let table: StartedDynamoDb;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

const decision = (subject: string): Decision => ({
  subject,
  scheme: 'health',
  sequence: 1,
  level: 'green',
  rule: 'no-risk@1',
  authority: 'cdc',
  evidence: 'none',
  mode: 'automatic',
  decidedAt: NOW,
});

const proposal: ProposalRecord = {
  id: 'p1',
  subject: 's1',
  scheme: 'health',
  rule: 'close-contact@2',
  authority: 'cdc',
  proposedBy: 'operator-01',
  proposedAt: NOW,
  lapsesAt: LATER,
  until: LATER,
  state: 'open',
  sealed: 'sealed',
};

async function read(pk: string, sk: string) {
  const Key = { pk: { S: pk }, sk: { S: sk } };
  const { Item: item } = await table.client.send(new GetItemCommand({ TableName: TABLE, Key }));
  if (item === undefined) throw new Error(`there is no item ${pk} ${sk}`);
  return item;
}

/** Writes over what a store wrote. */
async function spoil(pk: string, sk: string, change: Record<string, { S: string } | { N: string }>) {
  const Item = { ...(await read(pk, sk)), ...change };
  await table.client.send(new PutItemCommand({ TableName: TABLE, Item }));
}

describe('DynamoDB', () => {
  it('REQ-ISS-018 a table that does not answer is storage-failed, and says nothing of itself', async () => {
    const broken = issuerStores(table.client, 'no-such-table');
    const tried = [
      () => broken.subjects.claim('index', 's1'),
      () => broken.subjects.profile('s1'),
      () => broken.decisions.append(decision('s1')),
      () => broken.decisions.all('s1', 'health'),
      () => broken.decisions.pending(1),
      () => broken.tallies.add('key', 1, 1),
      () => broken.nonces.consume('nonce', NOW),
    ];
    for (const attempt of tried)
      await expect(attempt()).rejects.toMatchObject({
        code: 'storage-failed',
        message: expect.not.stringContaining('no-such-table'),
      });
  });

  it.each([
    ['mode', { S: 'by-lot' }],
    ['decidedAt', { N: '-1' }],
    ['sequence', { S: '1' }],
    ['approvers', { S: 'operator-01' }],
  ])(
    'REQ-ISS-018 what this build does not know in `%s` is storage-failed, never a guess',
    async (name, value) => {
      const { decisions } = table.stores;
      const subject = `spoiled-${name}`;
      await decisions.append(decision(subject));
      await spoil(`SUBJECT#${subject}`, 'DECISION#health#0000000001', { [name]: value });
      await expect(decisions.newest(subject, 'health')).rejects.toMatchObject({
        code: 'storage-failed',
        path: name,
      });
    },
  );

  it('REQ-ISS-018 a state that this build does not know is storage-failed', async () => {
    await table.stores.proposals.add(proposal);
    await spoil('PROPOSAL#p1', '-', { state: { S: 'half-open' } });
    await expect(table.stores.proposals.find('p1')).rejects.toMatchObject({
      code: 'storage-failed',
      path: 'state',
    });
  });

  it('REQ-ISS-018 a place that is none is storage-failed', async () => {
    for (const after of ['', 'zz.s1', '40.s1', '00.', 's1'])
      await expect(table.stores.subjects.page(after, 1)).rejects.toMatchObject({ code: 'storage-failed' });
  });

  it('what has a queue is in it by its own write, and is out of it by the write that settles it', async () => {
    const { decisions } = table.stores;
    const sk = 'DECISION#health#0000000001';
    await decisions.append(decision('queued'));
    expect(await read('SUBJECT#queued', sk)).toMatchObject({
      queue: { S: expect.stringMatching(/^LOG#0[0-9a-f]$/) },
      queuedAt: { N: String(NOW) },
    });
    const ref = { subject: 'queued', scheme: 'health', sequence: 1 };
    await decisions.markLogged(ref, { origin: 'log.test/a', index: 7, salt: 'salt' }, true);
    // Since when it waits, stays: the queues of log and witnesses are about in the same order.
    expect(await read('SUBJECT#queued', sk)).toMatchObject({
      leafOrigin: { S: 'log.test/a' },
      leafIndex: { N: '7' },
      leafSalt: { S: 'salt' },
      queue: { S: expect.stringMatching(/^WITNESS#0[0-9a-f]$/) },
      queuedAt: { N: String(NOW) },
    });
    await decisions.markEffective(ref);
    const item = await read('SUBJECT#queued', sk);
    expect(Object.keys(item)).not.toContain('queue');
    expect(Object.keys(item)).not.toContain('queuedAt');
  });

  it('hours that no window reaches any more leave the item with the next addition', async () => {
    const { tallies } = table.stores;
    const hour = 500_000;
    for (const each of [hour - 1000, hour - 192, hour - 191, hour - 167]) await tallies.add('old', each, 1);
    const counts = await tallies.add('old', hour, 1);
    expect([...counts.keys()].toSorted()).toEqual([hour - 191, hour - 167, hour]);
    expect(Object.keys(await read('TALLY#old', '-'))).toHaveLength(2 + 3);
  });

  it('what many write at once lies in several partitions', async () => {
    const { subjects, bursts, lists } = table.stores;
    const hold = 'health/rule:place@1/500000';
    const uri = 'https://a.test/lists/9';
    for (let i = 0; i < 100; i++) {
      await subjects.putProfile({
        subject: `n${i}`,
        version: 1,
        kind: 'person',
        absorbing: [],
        guardians: [],
      });
      await bursts.hold(hold, `n${i}`, 'place@1', NOW);
      await lists.flag({ idx: i, uri }, 'suspend', LATER);
    }
    // The first page of one partition is a part of them only.
    const partitions = new Set<string>();
    let after: string | undefined;
    do {
      const page = await subjects.page(after, 1);
      if (page.next !== undefined) partitions.add(page.next.slice(0, 2));
      after = page.next;
    } while (after !== undefined);
    expect(partitions.size).toBeGreaterThan(32);
    const item = await read('LIST#https://a.test/lists/9#07', '0000015');
    expect(item['idx']).toEqual({ N: '15' });
  });
});
