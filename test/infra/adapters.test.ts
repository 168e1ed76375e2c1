import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { issuerStores } from '@symbolon/aws/dynamodb/issuer-stores';
import { kmsBlindIndexer } from '@symbolon/aws/kms/blind-indexer';
import { kmsEpochKeys } from '@symbolon/aws/kms/epoch-keys';
import { kmsSealer } from '@symbolon/aws/kms/sealer';
import { kmsSigner } from '@symbolon/aws/kms/signer';
import type { Vault } from '@symbolon/aws/s3/vault';
import { instant } from '@symbolon/protocol/instant';
import { memoryStore } from '@symbolon/registry/memory-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { startFakeKms } from '../support/fake-kms.ts';
import { rightsOf } from './support/permissions.ts';
import { type Synthesised, synthesise } from './support/synthesised.ts';

/** The permissions are what the adapters ask for: no less, or a function fails in the field; no more, or it could do harm. */
const REGION = 'symbolon-region-CN-HB';
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const NOW = instant(1_800_000_000);

let all: Synthesised;
beforeAll(() => {
  all = synthesise();
});
afterAll(() => all.remove());

function rights(role: string) {
  const stack = all.stacks.get(REGION);
  if (stack === undefined) throw new Error('there is no region');
  return rightsOf(stack, all.template(REGION), role);
}
const actionsOn = (role: string, resource: string) =>
  rights(role)
    .filter(({ on }) => on === resource)
    .map(({ action }) => action)
    .toSorted();

interface Asked {
  readonly action: string;
  readonly partition: string;
}

const Request = z.object({
  headers: z.record(z.string(), z.string()),
  body: z.union([z.string(), z.instanceof(Uint8Array)]),
});
const Body = z.object({
  Key: z.optional(z.object({ pk: z.object({ S: z.string() }) })),
  Item: z.optional(z.object({ pk: z.object({ S: z.string() }) })),
  ExpressionAttributeValues: z.optional(z.object({ ':pk': z.optional(z.object({ S: z.string() })) })),
});

/** A client that writes down what it is asked, and finds nothing. */
function recordingClient(): { client: DynamoDBClient; asked: Asked[] } {
  const asked: Asked[] = [];
  const client = new DynamoDBClient({ region: 'eu-central-1', credentials: CREDENTIALS, maxAttempts: 1 });
  client.middlewareStack.add(
    () => async (args) => {
      const { headers, body } = Request.parse(args.request);
      const { Key, Item, ExpressionAttributeValues } = Body.parse(
        JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)),
      );
      const partition = Key?.pk.S ?? Item?.pk.S ?? ExpressionAttributeValues?.[':pk']?.S;
      if (partition === undefined) throw new Error('a request without a partition');
      asked.push({
        action: (headers['x-amz-target'] ?? '').replace(/^DynamoDB_\d+\./, 'dynamodb:'),
        partition,
      });
      return { response: {}, output: { $metadata: {} } };
    },
    { step: 'finalizeRequest', name: 'record', priority: 'low' },
  );
  return { client, asked };
}

/** The objects are no matter here. */
function memoryVault(): Vault {
  const { files, read, create } = memoryStore();
  return {
    read,
    create,
    list: async (folder) =>
      [...files.keys()]
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1)),
    remove: async () => undefined,
  };
}

describe('the adapters ask for what they are allowed', () => {
  it('status-publish reads the two kinds of list items, and may read no other', async () => {
    const [query] = rights('Status/Role').filter(({ action }) => action === 'dynamodb:Query');
    const patterns = z
      .array(z.string())
      .parse(query?.condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']);
    const allowed = (partition: string) =>
      patterns.some((pattern) =>
        pattern.endsWith('*') ? partition.startsWith(pattern.slice(0, -1)) : partition === pattern,
      );

    const publishing = recordingClient();
    const { lists } = issuerStores(publishing.client, 'table');
    await lists.lists(NOW);
    await lists.flagged('https://issuer.example/lists/500000');
    expect(publishing.asked.map(({ action }) => action)).toEqual(['dynamodb:Query', 'dynamodb:Query']);
    expect(publishing.asked.every(({ partition }) => allowed(partition))).toBe(true);

    const reading = recordingClient();
    const { subjects, enrolments, nonces, facts, decisions, mints } = issuerStores(reading.client, 'table');
    await subjects.find('index');
    await enrolments.find('code', NOW);
    await nonces.put('nonce', NOW);
    await facts.list('subject', 'health', NOW);
    await decisions.newest('subject', 'health');
    await mints.living('subject', 'health', NOW);
    expect(reading.asked).toHaveLength(6);
    expect(reading.asked.filter(({ partition }) => allowed(partition))).toEqual([]);
  });

  it('issuer-api uses each of its four table operations, and no other', async () => {
    const { client, asked } = recordingClient();
    const { enrolments, facts, lists, nonces } = issuerStores(client, 'table');
    await enrolments.put('code', 'subject', NOW);
    await enrolments.find('code', NOW);
    await nonces.consume('nonce', NOW);
    await facts.list('subject', 'health', NOW);
    await lists.take({ uri: 'https://issuer.example/lists/500000', idx: 7 }, NOW);
    expect([...new Set(asked.map(({ action }) => action))].toSorted()).toEqual(
      actionsOn('Issuing/Role', 'Memory/Table'),
    );
  });

  it('each kind of key is used in the ways that its function may use it', async () => {
    const kms = await startFakeKms();
    try {
      const client = new KMSClient({
        region: 'eu-central-1',
        credentials: CREDENTIALS,
        endpoint: kms.endpoint,
      });
      const used = async (work: () => Promise<unknown>) => {
        const before = kms.calls.length;
        await work();
        return [...new Set(kms.calls.slice(before))].map((call) => `kms:${call}`).toSorted();
      };
      const plain = new Uint8Array(4);
      const signing = await used(async () => (await kmsSigner(client, 'key')).sign(plain));
      const indexing = await used(() => kmsBlindIndexer(client, 'key').index('passport:X'));
      const sealing = await used(async () => {
        const sealer = kmsSealer(client, 'key');
        return sealer.open(await sealer.seal(plain, 'subject'), 'subject');
      });
      const vault = memoryVault();
      const epochs = kmsEpochKeys({ client, wrappingKey: 'key', region: 'CN-HB', vault });
      const keeping = await used(async () => epochs.open('status', await epochs.make('status')));
      const opening = await used(async () => epochs.open('status', (await epochs.list('status'))[0] ?? ''));
      expect(signing).toEqual(actionsOn('Epochs/Role', 'Epochs/KeysRole/keys-role'));
      expect(keeping).toEqual(actionsOn('Epochs/Role', 'Vault/WrappingKey'));
      expect(opening).toEqual(actionsOn('Issuing/Role', 'Vault/WrappingKey'));
      expect(opening).toEqual(actionsOn('Status/Role', 'Vault/WrappingKey'));
      expect(indexing).toEqual(actionsOn('Issuing/Role', 'Issuing/BlindIndexKey/blind-index'));
      expect(sealing).toEqual(actionsOn('Issuing/Role', 'Issuing/FactsKey/facts'));
    } finally {
      await kms.stop();
    }
  });
});
