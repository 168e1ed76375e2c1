import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { issuerStores } from '@symbolon/aws/dynamodb/issuer-stores';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { openDataFolder } from '@symbolon/local/data-folder';
import { startDynamoDb } from '@symbolon/local/dynamodb';
import { startNetwork } from '@symbolon/local/network';
import { instant } from '@symbolon/protocol/instant';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import { statusAt } from '@symbolon/status/status-list';
import { openStatusListToken, parseStatusListToken } from '@symbolon/status/token';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkRegion, type IssuedCredential } from '../support/check-region.ts';
import { freePort, temporaryFolder } from '../support/cli.ts';
import { type IssuerClient, issuerClient } from '../support/issuer-client.ts';

const REGION = 'CN-BJ';
const PEOPLE = 6;
const KILLS = 10;
/** Requests that are on their way at once. */
const AT_ONCE = 4;
const BUNDLES = new URL('../../functions/dist/', import.meta.url).href;
const PROGRAM = fileURLToPath(new URL('../support/network-process.ts', import.meta.url));
const now = () => instant(Math.floor(Date.now() / 1000));

interface Person {
  readonly subject: string;
  readonly code: string;
  /** Ids of contacts that were reported, and which of them were taken back. */
  readonly contacts: Map<string, 'reported' | 'retracted'>;
}

let home: Awaited<ReturnType<typeof temporaryFolder>>;
let port: number;
let child: ChildProcess | undefined;
let client: IssuerClient;
const data = () => join(home.path, 'federation');

beforeAll(async () => {
  home = await temporaryFolder();
  port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  client = issuerClient({
    endpoint: `${base}/${REGION.toLowerCase()}`,
    issuer: `https://${REGION.toLowerCase()}.symbolon.test`,
    region: REGION,
    tokenEndpoint: `${base}/operators/token`,
    folder: data(),
    now,
  });
});

afterAll(async () => {
  await kill();
  await home.remove();
});

async function start(): Promise<void> {
  const started = spawn(process.execPath, [PROGRAM, data(), String(port), BUNDLES], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  let log = '';
  started.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  await new Promise<void>((resolve, reject) => {
    started.once('exit', () => reject(new Error(`the network ended: ${log.slice(-2000)}`)));
    started.stdout.once('data', () => resolve());
  });
  started.removeAllListeners('exit');
}

async function kill(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** A small generator with a seed: the same run every time, as far as what is asked for goes. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A request that is answered, or is lost with the network. What was lost is asked for again until it is answered. */
type Work = () => Promise<boolean>;

it('ten times killed in the middle: no lost decision, no index twice, lists agree with decisions, no credential without decision', async () => {
  const draw = seeded(4);
  const issued: IssuedCredential[] = [];
  await start();
  const people: Person[] = [];
  for (let index = 0; index < PEOPLE; index++) {
    people.push({ ...(await client.enrol(`TEST-KILL-${index}`)), contacts: new Map() });
  }

  const request =
    ({ code }: Person): Work =>
    async () => {
      const { status, body } = await client.request(code, 'health', 3);
      if (status === 503 || status === 409 || status >= 500) return false;
      expect(body).toHaveProperty('credentials');
      for (const { credential } of body['credentials'] as { credential: string }[]) {
        const { level, rule, scheme, statusEntry } = parseSdJwt(credential).claims;
        issued.push({ level, rule, scheme, statusEntry });
      }
      return true;
    };
  const report = (person: Person, number: number): Work => {
    const id = `contact-${number}`;
    const fact = {
      id,
      subject: person.subject,
      type: 'contact',
      at: now() - 7200,
      fields: { kind: 'close' },
    };
    const batch = { id: `report-${number}`, source: 'contact-tracing', scheme: 'health', facts: [fact] };
    return async () => {
      const { status, body } = await client.report(batch);
      if (status >= 500 || status === 409) return false;
      expect([status, body]).toEqual([200, expect.objectContaining({ state: 'done' })]);
      person.contacts.set(id, 'reported');
      return true;
    };
  };
  const retract = (person: Person, id: string): Work => {
    const batch = {
      id: `retract-${id}`,
      source: 'contact-tracing',
      scheme: 'health',
      retracts: [{ id, subject: person.subject }],
    };
    return async () => {
      const { status, body } = await client.report(batch);
      if (status >= 500 || status === 409) return false;
      expect([status, body]).toEqual([200, expect.objectContaining({ state: 'done' })]);
      person.contacts.set(id, 'retracted');
      return true;
    };
  };

  const lost: Work[] = [];
  let number = 0;
  const next = (): Work => {
    const person = people[draw(people.length)] ?? expect.unreachable();
    const reported = [...person.contacts].find(([, state]) => state === 'reported');
    const dice = draw(10);
    if (dice < 2 && number < 25) return report(person, number++);
    if (dice < 5 && reported !== undefined) return retract(person, reported[0]);
    return request(person);
  };
  const attempt = async (work: Work) => {
    const answered = await work().catch((error: unknown) => {
      // The network is gone, or was not there yet; everything else is a fault.
      if (error instanceof TypeError || (error instanceof Error && error.message.startsWith('no token')))
        return false;
      throw error;
    });
    if (!answered) lost.push(work);
  };

  for (let round = 0; round < KILLS; round++) {
    const again = lost.splice(0);
    let left = 6 + draw(10);
    const users = Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await attempt(again.shift() ?? next());
    });
    // In the middle: when some are done, and others on their way.
    await Promise.race(users);
    await kill();
    await Promise.all(users);
    lost.push(...again);
    await start();
  }
  for (let tries = 0; lost.length > 0 && tries < 20; tries++) {
    for (const work of lost.splice(0)) await attempt(work);
  }
  expect(lost).toEqual([]);
  for (const person of people) await attempt(request(person));
  expect(lost).toEqual([]);
  await kill();

  // What it left on the disk, opened by another process, published once more, and looked at.
  const folder = await openDataFolder(data(), false);
  const network = await startNetwork({ folder, port, bundles: new URL(BUNDLES), onLog: () => undefined });
  await network.publishNow();
  await network.stop();
  await folder.release();
  const dynamo = await startDynamoDb(join(data(), 'dynamodb'), [`symbolon-${REGION}`]);
  const database = new DynamoDBClient({
    endpoint: dynamo.environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    const stores = issuerStores(database, `symbolon-${REGION}`);
    const evidence = { schemes: ['health'], credentials: issued, published: publishedStatus };
    expect(await checkRegion(stores, evidence, now())).toEqual([]);
    for (const { subject, contacts } of people) {
      const isContact = [...contacts.values()].includes('reported');
      const newest = await stores.decisions.newest(subject, 'health');
      expect([subject, newest?.level]).toEqual([subject, isContact ? 'red' : 'green']);
    }
    expect(issued.length).toBeGreaterThan(20);
  } finally {
    database.destroy();
    await dynamo.stop();
  }
});

async function publishedStatus({ uri, idx }: StatusEntry): Promise<number | undefined> {
  const id = uri.slice(uri.lastIndexOf('/') + 1);
  const path = pathToFileURL(join(data(), 'regions', REGION, 'lists', id));
  const list = await openStatusListToken(parseStatusListToken(await readFile(path, 'utf8')));
  return statusAt(list, idx);
}
