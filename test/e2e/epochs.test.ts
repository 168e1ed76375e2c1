import { mkdir, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { kmsEpochKeys } from '@symbolon/aws/kms/epoch-keys';
import { kmsSigner } from '@symbolon/aws/kms/signer';
import { s3Objects } from '@symbolon/aws/s3/objects';
import { s3Vault } from '@symbolon/aws/s3/vault';
import { bundleFolder } from '@symbolon/functions/bundle';
import type { FunctionName } from '@symbolon/functions/functions';
import type { EpochKeys } from '@symbolon/issuer/ports';
import { sha256 } from '@symbolon/keys/digest';
import { sealKeyFile } from '@symbolon/keys/key-file';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import type { Signer } from '@symbolon/keys/signer';
import { startDynamoDb } from '@symbolon/local/dynamodb';
import { fileEpochKeys } from '@symbolon/local/files/epoch-keys';
import { fileObjects } from '@symbolon/local/files/objects';
import { type Mount, startHttpFront } from '@symbolon/local/http-front';
import { type Lambda, startLambda } from '@symbolon/local/lambda';
import { toHex } from '@symbolon/protocol/bytes';
import { addHours, type Instant, parseInstant } from '@symbolon/protocol/instant';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { openRegistry } from '@symbolon/registry/open-registry';
import { parseStatusListToken } from '@symbolon/status/token';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { startFakeKms } from '../support/fake-kms.ts';
import { startFakeS3 } from '../support/fake-s3.ts';
import { seededSigner } from '../support/federation-fixture.ts';
import { foundOneRegion } from '../support/one-region.ts';

const NOW = parseInstant('2026-09-07T08:20:30Z');
const REGION = 'CN-BJ';
const NAMES = ['registry-publish', 'registry-timestamp', 'key-epoch', 'status-publish'] as const;
const PASSPHRASE = 'correct horse battery staple';

/** Where keys and registry lie, and how the functions are told. */
interface Place {
  readonly objects: ObjectStore;
  readonly keys: EpochKeys;
  readonly online: Signer;
  readonly keysRole: Signer;
  readonly environment: Readonly<
    Record<'registry' | 'onlineKey' | 'keysRole' | 'copy', string> & { epochs: Record<string, string> }
  >;
  stop(): Promise<void>;
}

async function onFiles(folder: string): Promise<Place> {
  const url = (name: string) => pathToFileURL(`${folder}/${name}`);
  await writeFile(url('passphrase'), PASSPHRASE, { mode: 0o600 });
  for (const name of ['online', 'keys-role']) {
    const key = insecurePrivateKeyFromSeed('ES256', name);
    await writeFile(url(`${name}.jwe`), await sealKeyFile(key, PASSPHRASE, 1000), { mode: 0o600 });
  }
  return {
    objects: fileObjects(url('registry/')),
    keys: fileEpochKeys(url('epochs/'), PASSPHRASE),
    online: await seededSigner('online'),
    keysRole: await seededSigner('keys-role'),
    environment: {
      registry: url('registry/').href,
      copy: url('copy/').href,
      onlineKey: url('online.jwe').href,
      keysRole: url('keys-role.jwe').href,
      epochs: { EPOCH_KEYS_URI: url('epochs/').href, PASSPHRASE_URI: url('passphrase').href },
    },
    stop: async () => {},
  };
}

async function onAws(): Promise<Place> {
  const [kms, s3] = [await startFakeKms(), await startFakeS3()];
  const shared = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const kmsClient = new KMSClient({ ...shared, endpoint: kms.endpoint });
  const s3Client = new S3Client({ ...shared, endpoint: s3.endpoint, forcePathStyle: true });
  const vault = s3Vault(s3Client, 'vault', '');
  return {
    objects: s3Objects(s3Client, 'registry', ''),
    keys: kmsEpochKeys({ client: kmsClient, wrappingKey: 'wrapping', region: REGION, vault }),
    online: await kmsSigner(kmsClient, 'alias/online'),
    keysRole: await kmsSigner(kmsClient, 'alias/keys-role'),
    environment: {
      registry: 's3://registry',
      copy: 's3://vault/registry',
      onlineKey: 'awskms:///alias/online',
      keysRole: 'awskms:///alias/keys-role',
      epochs: {
        EPOCH_KEYS_URI: 's3://vault',
        WRAPPING_KEY_URI: 'awskms:///wrapping',
        AWS_ENDPOINT_URL_KMS: kms.endpoint,
        AWS_ENDPOINT_URL_S3: s3.endpoint,
      },
    },
    stop: async () => {
      kmsClient.destroy();
      s3Client.destroy();
      await kms.stop();
      await s3.stop();
    },
  };
}

describe.each([
  ['key files and folders', onFiles],
  ['KMS and S3', onAws],
])('epochs of a region, by the bundles that are deployed, on %s', (_, make) => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let place: Place;
  let front: Server;
  let root: Uint8Array<ArrayBuffer>;
  let now: Instant = NOW;
  let isDown = false;
  let launch: (name: (typeof NAMES)[number]) => Promise<Lambda>;
  const lambdas = new Map<FunctionName, Lambda>();
  const stops: (() => Promise<void>)[] = [];
  const lines: string[] = [];

  beforeAll(async () => {
    home = await temporaryFolder();
    await mkdir(home.path, { recursive: true });
    place = await make(home.path);
    const dynamo = await startDynamoDb(`${home.path}/db`, ['region']);
    stops.push(dynamo.stop, () => place.stop());
    const mounts = new Map<string, Mount>();
    front = await startHttpFront(0, mounts);
    const base = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
    const [credential, status] = [await firstKey('credential'), await firstKey('status')];
    const { online, keysRole, objects } = place;
    const world = { online, keysRole, credential, status, endpoint: base };
    root = await foundOneRegion(objects, world, NOW);

    const { registry, copy, onlineKey, keysRole: keysRoleKey, epochs } = place.environment;
    const shared = {
      ...dynamo.environment,
      ...epochs,
      REGION,
      REGISTRY_URL: `${base}/registry`,
      ROOT_SHA256: toHex(sha256(root)),
      REGISTRY_COPY_URI: copy,
      TABLE_NAME: 'region',
    };
    const environments = {
      'registry-publish': { ...shared, OBJECTS_URI: registry, SIGNING_KEYS: onlineKey },
      'registry-timestamp': { ...shared, OBJECTS_URI: registry, SIGNING_KEYS: onlineKey },
      'key-epoch': { ...shared, KEYS_ROLE_KEY: keysRoleKey, REGISTRY_PUBLISH_URL: `${base}/publish` },
      'status-publish': {
        ...shared,
        OBJECTS_URI: pathToFileURL(`${home.path}/region/`).href,
        LIST_ENTRIES: '4096',
        LIST_TTL_SECONDS: '300',
        LIST_RESIGN_SECONDS: '3600',
        LIST_READABLE_SECONDS: '352800',
        LIST_AHEAD_HOURS: '2',
      },
    };
    launch = async (name) => {
      const lambda = await startLambda({
        name,
        bundle: new URL('index.mjs', pathToFileURL(bundleFolder(name))).href,
        environment: environments[name],
        timeoutMilliseconds: 30_000,
        onLog: (line) => lines.push(line),
        clock: () => now,
      });
      stops.push(() => lambda.stop());
      return lambda;
    };
    for (const name of NAMES) lambdas.set(name, await launch(name));
    mounts.set('/publish', { kind: 'function', lambda: lambdaOf('registry-publish') });
    const read = async (path: string) => {
      const bytes = isDown ? undefined : await objects.read(path);
      return bytes && { bytes, etag: `"${bytes.length}"` };
    };
    mounts.set('/registry', { kind: 'files', read });
  });

  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
    front.closeAllConnections();
    await new Promise((resolve) => front.close(resolve));
    await home.remove();
  });

  const lambdaOf = (name: FunctionName) => lambdas.get(name) ?? expect.unreachable();
  const firstKey = async (use: 'credential' | 'status') =>
    (await place.keys.open(use, await place.keys.make(use))) ?? expect.unreachable();
  const published = async () => {
    const read = (path: string) => place.objects.read(path);
    const { view } = await openRegistry({ read, pinnedRoot: root, now, expiry: 'offline' });
    return view.regions[REGION]?.keys ?? expect.unreachable();
  };
  /** Which key signed the list of the next hour. */
  const signerOfLists = async (publisher = lambdaOf('status-publish')) => {
    await publisher.invoke({});
    const lists = fileObjects(pathToFileURL(`${home.path}/region/`));
    const { lists: ids } = JSON.parse(new TextDecoder().decode(await lists.read('lists/index.json')));
    return parseStatusListToken(new TextDecoder().decode(await lists.read(`lists/${ids[0]}`))).kid;
  };

  it('the first key signs, from where it was stored', async () => {
    const [first] = await place.keys.list('status');
    expect(await signerOfLists()).toBe(first);
  });

  it('REQ-KEY-012 key-epoch publishes the next keys, through registry-publish, and the second run does nothing', async () => {
    await lambdaOf('key-epoch').invoke({});
    const keys = await published();
    expect(keys.map(({ use }) => use)).toEqual(['credential', 'status', 'credential', 'status']);
    for (const { notBefore } of keys.slice(2)) expect(notBefore).toBeGreaterThanOrEqual(addHours(NOW, 96));
    for (const { kid, use } of keys)
      expect(await place.keys.list(use === 'status' ? 'status' : 'credential')).toContain(kid);
    await lambdaOf('key-epoch').invoke({});
    expect(await published()).toEqual(keys);
  });

  it('REQ-ISS-017 weeks later functions that never stopped sign with the keys that were made meanwhile', async () => {
    const seen = new Set<string>();
    for (let day = 1; day <= 24; day++) {
      now = addHours(NOW, 24 * day);
      await lambdaOf('registry-timestamp').invoke({});
      await lambdaOf('key-epoch').invoke({});
      seen.add(await signerOfLists());
    }
    const statusKeys = (await published()).filter(({ use }) => use === 'status').map(({ kid }) => kid);
    // The first, and then one a week.
    expect([...seen]).toEqual(statusKeys.slice(0, seen.size));
    expect(seen.size).toBeGreaterThanOrEqual(3);
    // What has ended is gone.
    expect(await place.keys.list('status')).not.toContain([...seen][0]);
  });

  it('REQ-REG-009 a hub that is down for five days stops neither a function that runs nor one that starts', async () => {
    const known = (await published()).map(({ kid }) => kid);
    const last = now;
    isDown = true;
    for (const hours of [1, 5 * 24]) {
      now = addHours(last, hours);
      expect(known).toContain(await signerOfLists());
      expect(known).toContain(await signerOfLists(await launch('status-publish')));
    }
    // REQ-ISS-026: blockAfterHours later no verifier would accept.
    now = addHours(last, 10 * 24);
    await expect(signerOfLists()).rejects.toThrow();
    await expect(signerOfLists(await launch('status-publish'))).rejects.toThrow();
    // Lines come by another way than the answer.
    await expect
      .poll(() => lines.filter((line) => line.includes('"code":"registry-too-old"')))
      .toHaveLength(2);
  });

  it('no line of a log holds key material', () => {
    expect(lines.length).toBeGreaterThan(100);
    const events = new Set(lines.map((line) => JSON.parse(line).event));
    expect([...events].toSorted()).toEqual([
      'bundle.written',
      'epochs.checked',
      'keys.published',
      'lists.published',
      'publication.made',
      'registry.absent',
      'registry.resigned',
      'registry.too-old',
      'request.done',
      'schedule.done',
      'schedule.failed',
    ]);
    expect(lines.join('\n')).not.toMatch(/"d"|PRIVATE|eyJ|[A-Za-z0-9_-]{40}/);
  });
});
