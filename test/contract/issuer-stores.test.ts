import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type IssuerStores, issuerStores } from '@symbolon/aws/dynamodb/issuer-stores';
import type { Decision } from '@symbolon/issuer/decision';
import { ENTRY } from '@symbolon/issuer/ports';
import { startDynamoDb } from '@symbolon/local/dynamodb';
import { instant } from '@symbolon/protocol/instant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const NOW = instant(1_800_000_000);
const LATER = instant(NOW + 3600);
let folder: string;
let client: DynamoDBClient;
let stores: IssuerStores;
let stop: () => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-dynamodb-'));
  const dynamo = await startDynamoDb(folder, ['region']);
  stop = dynamo.stop;
  client = new DynamoDBClient({
    endpoint: dynamo.environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  stores = issuerStores(client, 'region');
});

afterAll(async () => {
  client.destroy();
  await stop();
  await rm(folder, { recursive: true });
});

const decision = (sequence: number, level = 'green'): Decision => ({
  subject: 'subject-a',
  scheme: 'health',
  sequence,
  level,
  rule: 'no-risk@1',
  authority: 'cdc',
  evidence: 'none',
  mode: 'automatic',
  decidedAt: NOW,
});

describe('issuer stores keep the contract of their ports', () => {
  it('a blind index has one owner, whoever comes first', async () => {
    const owners = await Promise.all(
      ['s1', 's2', 's3'].map((subject) => stores.subjects.claim('index', subject)),
    );
    expect(new Set(owners).size).toBe(1);
    expect(await stores.subjects.find('index')).toBe(owners[0]);
    expect(await stores.subjects.find('other')).toBeUndefined();
  });

  it('REQ-ISS-005 a subject exists once it was registered, and registering again changes nothing', async () => {
    expect(await stores.subjects.exists('s9')).toBe(false);
    await stores.subjects.register('s9');
    await stores.subjects.register('s9');
    expect(await stores.subjects.exists('s9')).toBe(true);
  });

  it('an enrolment code ends by its time, whether or not it was tidied up', async () => {
    await stores.enrolments.put('hash', 's1', LATER);
    expect(await stores.enrolments.find('hash', NOW)).toBe('s1');
    expect(await stores.enrolments.find('hash', LATER)).toBeUndefined();
  });

  it('every code of a subject ends together, and later ones live', async () => {
    await stores.enrolments.put('one', 's7', LATER);
    await stores.enrolments.put('two', 's7', LATER);
    await Promise.all([stores.enrolments.endAll('s7'), stores.enrolments.endAll('s7')]);
    for (const hash of ['one', 'two']) expect(await stores.enrolments.find(hash, NOW)).toBeUndefined();
    await stores.enrolments.put('three', 's7', LATER);
    expect(await stores.enrolments.find('three', NOW)).toBe('s7');
    await stores.enrolments.endAll('s7');
    expect(await stores.enrolments.find('three', NOW)).toBeUndefined();
  });

  it('REQ-ISS-009 a nonce is used up by exactly one caller', async () => {
    await stores.nonces.put('nonce', LATER);
    const used = await Promise.all(Array.from({ length: 5 }, () => stores.nonces.consume('nonce', NOW)));
    expect(used.filter(Boolean)).toHaveLength(1);
    await stores.nonces.put('old', NOW);
    expect(await stores.nonces.consume('old', NOW)).toBe(false);
    expect(await stores.nonces.consume('never', NOW)).toBe(false);
  });

  it('a fact is stored once by its id, pages to the end and ends by its expiry', async () => {
    const fact = (id: string, expiresAt = LATER) => ({
      id,
      scheme: 'health',
      expiresAt,
      sealed: 'x'.repeat(9_000),
    });
    expect(await stores.facts.add('s1', fact('f1'))).toBe(true);
    expect(await stores.facts.add('s1', fact('f1'))).toBe(false);
    // 150 facts of 9 kB are more than one page of 1 MB.
    for (let i = 0; i < 150; i++) await stores.facts.add('s1', fact(`many-${i}`));
    await stores.facts.add('s1', fact('ended', NOW));
    await stores.facts.add('s1', { ...fact('other'), scheme: 'test' });
    expect(await stores.facts.list('s1', 'health', NOW)).toHaveLength(151);
  });

  it('REQ-ISS-014 a decision number is taken once; the newest is the current one', async () => {
    expect(await stores.decisions.newest('subject-a', 'health')).toBeUndefined();
    const appended = await Promise.all(
      [1, 1, 1].map((sequence) => stores.decisions.append(decision(sequence))),
    );
    expect(appended.filter(Boolean)).toHaveLength(1);
    for (let sequence = 2; sequence <= 12; sequence++)
      await stores.decisions.append(decision(sequence, 'red'));
    expect(await stores.decisions.newest('subject-a', 'health')).toEqual(decision(12, 'red'));
    expect(await stores.decisions.newest('subject-a', 'test')).toBeUndefined();
  });

  it('mints that live are found, with their entries', async () => {
    const mint = (expiresAt: typeof NOW) => ({
      subject: 's1',
      scheme: 'health',
      decision: 1,
      level: 'green',
      expiresAt,
      credentials: 1,
      entries: [{ idx: 5, uri: 'https://a.test/lists/1' }],
    });
    await stores.mints.record('m1', mint(LATER));
    await stores.mints.record('m2', mint(NOW));
    expect(await stores.mints.living('s1', 'health', NOW)).toEqual([mint(LATER)]);
  });

  it('a status entry is taken once, and only ever gets stricter', async () => {
    const uri = 'https://a.test/lists/494763';
    const entry = { idx: 77, uri };
    expect(await stores.lists.take(entry, LATER)).toBe(true);
    expect(await stores.lists.take(entry, LATER)).toBe(false);
    expect(await stores.lists.flagged(uri)).toEqual([]);
    await Promise.all([
      stores.lists.tighten(entry, ENTRY.contested),
      stores.lists.tighten(entry, ENTRY.invalid),
      stores.lists.tighten(entry, ENTRY.suspended),
    ]);
    await stores.lists.tighten(entry, ENTRY.suspended);
    expect(await stores.lists.flagged(uri)).toEqual([{ idx: 77, status: ENTRY.invalid }]);
    expect(await stores.lists.lists(NOW)).toEqual([{ uri, expiresAt: LATER }]);
    expect(await stores.lists.lists(LATER)).toEqual([]);
  });

  it('REQ-ISS-018 a table that does not answer is storage-failed, and says nothing of itself', async () => {
    const broken = issuerStores(client, 'no-such-table');
    await expect(broken.subjects.claim('index', 's1')).rejects.toMatchObject({ code: 'storage-failed' });
    await expect(broken.decisions.append(decision(1))).rejects.toMatchObject({
      message: expect.not.stringContaining('no-such-table'),
    });
  });
});
