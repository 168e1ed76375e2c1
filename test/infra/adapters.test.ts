import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { type IssuerStores, issuerStores } from '@symbolon/aws/dynamodb/issuer-stores';
import { replayMemory } from '@symbolon/aws/dynamodb/replay-memory';
import { QUEUE_INDEX } from '@symbolon/aws/dynamodb/table';
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
const LIST = 'https://issuer.example/lists/500000';

const PROFILE = { subject: 'subject', version: 1, kind: 'person', absorbing: [], guardians: [] } as const;
const FACT = {
  id: 'fact',
  source: 'telecom',
  scheme: 'health',
  receivedAt: NOW,
  expiresAt: NOW,
  sealed: 'sealed',
};
const BY_RULE = { subject: 'subject', scheme: 'health', rule: 'place@1', authority: 'cdc' };
const DECISION = {
  ...BY_RULE,
  sequence: 1,
  level: 'red',
  evidence: 'location',
  mode: 'automatic',
  decidedAt: NOW,
} as const;
const PROPOSAL = {
  ...BY_RULE,
  id: 'proposal',
  proposedBy: 'operator',
  proposedAt: NOW,
  lapsesAt: NOW,
  until: NOW,
  state: 'open',
  sealed: 'sealed',
} as const;
const BURST = {
  id: 'health/rule:place@1/500000',
  scheme: 'health',
  cause: 'rule:place@1',
  heldAt: NOW,
  lapsesAt: NOW,
  state: 'held',
} as const;
const MINT = {
  ...BY_RULE,
  decision: 1,
  level: 'red',
  format: 'dc+sd-jwt',
  issuedAt: NOW,
  expiresAt: NOW,
  credentials: 1,
  entries: [],
} as const;

let all: Synthesised;
beforeAll(() => {
  all = synthesise();
});
afterAll(() => all.remove());

function rights(role: string, name = REGION) {
  const stack = all.stacks.get(name);
  if (stack === undefined) throw new Error(`there is no ${name}`);
  return rightsOf(stack, all.template(name), role);
}
const actionsOn = (role: string, resource: string) =>
  rights(role)
    .filter(({ on }) => on === resource)
    .map(({ action }) => action)
    .toSorted();

interface Asked {
  readonly action: string;
  readonly partition: string;
  /** Of the table itself, or of its index. */
  readonly on: string;
}

const TABLE = 'Memory/Table';
const INDEX = `${TABLE}/index/${QUEUE_INDEX.name}`;

/** Whether a role may do what was asked: some right is for this action, there, and for this partition. */
function allows(role: string, asked: Asked): boolean {
  return rights(role).some(({ action, on, condition }) => {
    if (action !== asked.action || on !== asked.on) return false;
    const keys = condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
    if (keys === undefined) return true;
    return z
      .array(z.string())
      .parse(keys)
      .some((pattern) =>
        pattern.endsWith('*')
          ? asked.partition.startsWith(pattern.slice(0, -1))
          : asked.partition === pattern,
      );
  });
}

const Request = z.object({
  headers: z.record(z.string(), z.string()),
  body: z.union([z.string(), z.instanceof(Uint8Array)]),
});
const Body = z.object({
  IndexName: z.optional(z.string()),
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
      const { IndexName, Key, Item, ExpressionAttributeValues } = Body.parse(
        JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)),
      );
      const partition = Key?.pk.S ?? Item?.pk.S ?? ExpressionAttributeValues?.[':pk']?.S;
      if (partition === undefined) throw new Error('a request without a partition');
      asked.push({
        action: (headers['x-amz-target'] ?? '').replace(/^DynamoDB_\d+\./, 'dynamodb:'),
        partition,
        on: IndexName === undefined ? TABLE : `${TABLE}/index/${IndexName}`,
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
  /** What the stores ask for a piece of work. */
  async function askedFor(
    work: (stores: IssuerStores) => readonly Promise<unknown>[],
  ): Promise<readonly Asked[]> {
    const { client, asked } = recordingClient();
    // What comes back is no item, which some stores rightly refuse: what they asked is all that counts here.
    await Promise.allSettled(work(issuerStores(client, 'table')));
    expect(asked.length).toBeGreaterThan(0);
    return asked;
  }

  /** One of each kind: what the rules, what people and what lists need. */
  const deciding = (stores: IssuerStores) => [
    stores.subjects.profile('subject'),
    stores.subjects.putProfile(PROFILE),
    stores.subjects.page(undefined, 1),
    stores.journal.append('subject', { id: 'entry', at: NOW, kind: 'merged' }),
    stores.facts.list('subject', 'health', NOW),
    stores.facts.add('subject', FACT),
    stores.decisions.append(DECISION),
    stores.decisions.newest('subject', 'health'),
    stores.decisions.find(DECISION),
    stores.decisions.queueAgain(DECISION, 'log.test/a'),
    stores.proposals.find('proposal'),
    stores.bursts.begin(BURST),
    stores.bursts.find(BURST.id),
    stores.bursts.newest('health', BURST.cause),
    stores.bursts.move(BURST, 'held'),
    stores.bursts.hold(BURST.id, 'subject', 'place@1', NOW),
    stores.bursts.subjects(BURST.id, undefined, 1),
    stores.bursts.isReleased('health', 'place@1'),
    stores.bursts.open(),
    stores.mints.record('mint', MINT),
    stores.mints.living('subject', 'health', NOW),
    stores.lists.flag({ uri: LIST, idx: 7 }, 'suspend', NOW),
    stores.tallies.add('key', 1, 1),
    stores.jobs.read('job'),
    stores.jobs.write('job', { version: 1, state: '{}' }),
  ];
  const apiOnly = (stores: IssuerStores) => [
    stores.subjects.claim('index', 'subject'),
    stores.enrolments.find('code', NOW),
    stores.nonces.put('nonce', NOW),
    stores.nonces.consume('nonce', NOW),
    stores.batches.find('telecom', 'batch'),
    stores.batches.held(),
    stores.proposals.add(PROPOSAL),
    stores.proposals.open(),
    stores.lists.lease({ uri: LIST, expiresAt: NOW, seed: 'seed' }, 1),
  ];

  it('status-publish reads the two kinds of list items, and may read no other', async () => {
    const publishing = await askedFor(({ lists }) => [lists.lists(NOW), lists.flagged(LIST)]);
    expect(new Set(publishing.map(({ action }) => action))).toEqual(new Set(['dynamodb:Query']));
    expect(publishing.filter((each) => !allows('Status/Role', each))).toEqual([]);

    const others = await askedFor((stores) => [
      stores.subjects.find('index'),
      stores.subjects.page(undefined, 1),
      stores.enrolments.find('code', NOW),
      stores.nonces.put('nonce', NOW),
      stores.facts.list('subject', 'health', NOW),
      stores.decisions.newest('subject', 'health'),
      stores.mints.living('subject', 'health', NOW),
      stores.bursts.open(),
      stores.lists.flag({ uri: LIST, idx: 7 }, 'revoke', NOW),
      stores.lists.lease({ uri: LIST, expiresAt: NOW, seed: 'seed' }, 1),
    ]);
    expect(others.filter((each) => allows('Status/Role', each))).toEqual([]);
  });

  it('issuer-api uses each of its five table operations, and no other', async () => {
    const asked = await askedFor((stores) => [...deciding(stores), ...apiOnly(stores)]);
    expect(asked.filter((each) => !allows('Issuing/Role', each))).toEqual([]);
    const used = [...new Set(asked.filter(({ on }) => on === TABLE).map(({ action }) => action))];
    expect(used.toSorted()).toEqual(actionsOn('Issuing/Role', TABLE));
    // The log's queue is not its own.
    const queue = await askedFor(({ decisions }) => [decisions.pending(1)]);
    expect(queue.filter((each) => allows('Issuing/Role', each))).toEqual([]);
  });

  it('decisions-upkeep reads and writes what it takes to decide, and neither identifiers, codes, nonces, batches nor lists', async () => {
    // The worse decisions that wait for witnesses are among what it looks after, and proposals that lapse.
    const asked = await askedFor((stores) => [
      ...deciding(stores),
      stores.decisions.unwitnessed(1),
      stores.proposals.open(),
    ]);
    expect(asked.filter((each) => !allows('UpkeepRole', each))).toEqual([]);
    const used = new Set(asked.map(({ action, on }) => `${action} on ${on}`));
    const allowed = rights('UpkeepRole').filter(({ on }) => on === TABLE || on === INDEX);
    expect(used).toEqual(new Set(allowed.map(({ action, on }) => `${action} on ${on}`)));
    const others = await askedFor((stores) => [
      ...apiOnly(stores),
      stores.lists.lists(NOW),
      stores.decisions.pending(1),
    ]);
    // But for proposals: those that wait lapse, and one that was carried out is written as such.
    const allowedOthers = others.filter((each) => allows('UpkeepRole', each));
    expect(allowedOthers.filter(({ partition }) => !partition.startsWith('PROPOSAL'))).toEqual([]);
  });

  it('log-sequence reads what was decided and says what is logged, and neither decides, mints nor finds anybody', async () => {
    const asked = await askedFor((stores) => [
      stores.decisions.pending(1),
      stores.decisions.unwitnessed(1),
      stores.decisions.find(DECISION),
      stores.decisions.markLogged(DECISION, { origin: 'log.test/a', index: 0, salt: 'salt' }, true),
      stores.decisions.markEffective(DECISION),
      stores.decisions.newest('subject', 'health'),
      stores.decisions.all('subject', 'health'),
      stores.bursts.unlogged(1),
      stores.bursts.find(BURST.id),
      stores.bursts.loggedState(BURST.id),
      stores.bursts.markLogged(BURST.id, 'held'),
      stores.subjects.profile('subject'),
      stores.mints.living('subject', 'health', NOW),
      stores.lists.flags({ uri: LIST, idx: 7 }),
      stores.lists.flag({ uri: LIST, idx: 7 }, 'suspend', NOW),
    ]);
    expect(asked.filter((each) => !allows('Logging/Role', each))).toEqual([]);
    const used = new Set(asked.map(({ action, on }) => `${action} on ${on}`));
    const allowed = rights('Logging/Role').filter(({ on }) => on === TABLE || on === INDEX);
    expect(used).toEqual(new Set(allowed.map(({ action, on }) => `${action} on ${on}`)));
    const others = await askedFor((stores) => [
      ...apiOnly(stores),
      stores.decisions.append(DECISION),
      stores.mints.record('mint', MINT),
      stores.subjects.putProfile(PROFILE),
      stores.jobs.read('job'),
      stores.tallies.add('key', 1, 1),
    ]);
    expect(others.filter((each) => allows('Logging/Role', each))).toEqual([]);
  });

  it('verifier-api claims what was shown by the one kind of write that it may do', async () => {
    const { client, asked } = recordingClient();
    await Promise.allSettled([replayMemory(client, 'table').claim('presentation', NOW)]);
    const allowed = rights('Role', 'symbolon-verifier-gates').filter(({ action }) =>
      action.startsWith('dynamodb:'),
    );
    expect(asked.map(({ action }) => action)).toEqual(allowed.map(({ action }) => action));
    expect(asked.map(({ partition }) => partition)).toEqual(['REPLAY#presentation']);
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
      const noting = await used(async () => (await kmsSigner(client, 'ed25519')).sign(plain));
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
      expect(noting).toEqual(actionsOn('Logging/Role', 'Logging/LogKey/log'));
      expect(keeping).toEqual(actionsOn('Epochs/Role', 'Vault/WrappingKey'));
      expect(opening).toEqual(actionsOn('Issuing/Role', 'Vault/WrappingKey'));
      expect(opening).toEqual(actionsOn('Status/Role', 'Vault/WrappingKey'));
      expect(indexing).toEqual(actionsOn('Issuing/Role', 'Issuing/BlindIndexKey/blind-index'));
      expect(sealing).toEqual(actionsOn('Issuing/Role', 'Issuing/FactsKey/facts'));
      expect(sealing).toEqual(actionsOn('UpkeepRole', 'Issuing/FactsKey/facts'));
    } finally {
      await kms.stop();
    }
  });
});
