import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { issueDataIntegrity, presentDataIntegrity } from '@symbolon/credential/data-integrity';
import { IN_PERSON_AUDIENCE, windowNonce } from '@symbolon/credential/model';
import { bundleFolder } from '@symbolon/functions/bundle';
import { startDynamoDb } from '@symbolon/local/dynamodb';
import { startHttpFront } from '@symbolon/local/http-front';
import { type Lambda, startLambda } from '@symbolon/local/lambda';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { systemRandom } from '@symbolon/protocol/random';
import { decodeVerdict } from '@symbolon/verifier/verdict-json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CLAIMS,
  NOW,
  POLICY,
  type PublishedBundle,
  publishedBundle,
  show,
} from '../../functions/testing/verifier-world.ts';
import { seededSigner } from '../support/federation-fixture.ts';

/** The verifier's function as it is deployed: its bundle, over HTTP, with its files in folders and its table in a database. */

const BUNDLE = pathToFileURL(join(bundleFolder('verifier-api'), 'index.mjs')).href;
const TABLE = 'verifier';
const LATER = addHours(NOW, 1);

let home: string;
let published: PublishedBundle;
let older: Bytes;
let database: Awaited<ReturnType<typeof startDynamoDb>>;
let environment: Record<string, string>;
let now: Instant = NOW;
const logs: string[] = [];
const stops: (() => Promise<unknown>)[] = [];

const folder = (name: string) => pathToFileURL(`${join(home, name)}/`).href;
const put = (bundle: Bytes) => writeFile(join(home, 'registry', 'trust.bundle'), bundle);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'symbolon-verifier-'));
  await mkdir(join(home, 'registry'));
  published = await publishedBundle();
  older = published.bundle();
  await put(older);
  database = await startDynamoDb(join(home, 'db'), [TABLE]);
  environment = {
    ...database.environment,
    BUNDLE_URI: folder('registry'),
    ROOT_SHA256: published.rootSha256,
    STATE_URI: folder('state'),
    REPLAY_TABLE: TABLE,
  };
});
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
  await database.stop();
  await rm(home, { recursive: true });
});

/** A new instance, with nothing in memory, and where it is reached. */
async function started(changes: Record<string, string> = {}): Promise<string> {
  const lambda: Lambda = await startLambda({
    name: 'verifier-api',
    bundle: BUNDLE,
    environment: { ...environment, ...changes },
    timeoutMilliseconds: 20_000,
    onLog: (line) => logs.push(line),
    clock: () => now,
  });
  const server: Server = await startHttpFront(0, new Map([['/v', { kind: 'function', lambda }]]));
  stops.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await lambda.stop();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v`;
}

async function ask(base: string, presentation: unknown, policy: object = POLICY) {
  const response = await fetch(`${base}/verdicts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ presentation, policy }),
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}
const healthOf = async (base: string) => {
  const response = await fetch(`${base}/health`);
  return { status: response.status, body: JSON.parse(await response.text()) };
};

describe('the verifier function', () => {
  it('answers with the verdict; REQ-BND-010 the second showing is a replay at any instance', async () => {
    const [first, second] = [await started(), await started()];
    const presentation = await show();
    const { status, headers, body } = await ask(first, presentation);
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'application/json',
      'no-store',
    ]);
    expect(decodeVerdict(body)).toMatchObject({ outcome: 'accepted', at: NOW, basis: { ageSeconds: 0 } });
    for (const base of [first, second])
      expect((await ask(base, presentation)).body).toMatchObject({
        reason: 'not-authentic',
        findings: [{ code: 'replayed' }],
      });
  });

  it('REQ-BUN-003 remembers over a cold start what it saw: an older bundle is refused, and the newer one stays in use', async () => {
    await published.renew(LATER);
    await put(published.bundle());
    now = LATER;
    const { body } = await healthOf(await started());
    expect(body).toEqual({ registryVersion: 2, signedAt: '2026-09-07T09:20:30Z', ageSeconds: 0 });
    await put(older);
    expect(await healthOf(await started())).toEqual({ status: 200, body });
    // Without what was kept it would not know.
    const forgetful = await started({ STATE_URI: folder('another-state') });
    expect((await healthOf(forgetful)).body).toMatchObject({ signedAt: '2026-09-07T08:20:30Z' });
  });

  it('has its addresses with and without a slash at the end, and no HEAD', async () => {
    const base = await started();
    const answered = async (method: string, path: string) => {
      const { status, headers } = await fetch(base + path, { method });
      return [status, headers.get('allow')];
    };
    expect(await answered('GET', '/health/')).toEqual([200, null]);
    expect(await answered('POST', '/verdicts/')).toEqual([415, null]);
    expect(await answered('HEAD', '/health')).toEqual([405, 'GET']);
    expect(await answered('GET', '/health/x')).toEqual([404, null]);
  });

  it('503 without a bundle, and with one of another root', async () => {
    const none = await started({ BUNDLE_URI: folder('nowhere'), STATE_URI: folder('state-1') });
    expect(await healthOf(none)).toMatchObject({ status: 503, body: { code: 'metadata-missing' } });
    const wrong = await started({ ROOT_SHA256: 'a'.repeat(64), STATE_URI: folder('state-2') });
    expect(await ask(wrong, 'x')).toMatchObject({ status: 503, body: { code: 'root-mismatch' } });
  });

  it('over HTTP it fetches a bundle once, by its ETag', async () => {
    const bundle = published.bundle();
    const asked: string[] = [];
    const before = logs.length;
    const server = await startHttpFront(
      0,
      new Map([
        [
          '/registry',
          {
            kind: 'files',
            read: async (path) => {
              asked.push(path);
              return path === 'trust.bundle' ? { bytes: bundle, etag: '"1"' } : undefined;
            },
          },
        ],
      ]),
    );
    const { port } = server.address() as AddressInfo;
    const base = await started({
      BUNDLE_URI: `http://127.0.0.1:${port}/registry`,
      STATE_URI: folder('state-3'),
    });
    now = LATER;
    expect((await healthOf(base)).status).toBe(200);
    const kept = await readFile(join(home, 'state-3', 'trust.bundle'));
    expect(new Uint8Array(kept)).toEqual(bundle);
    now = addHours(LATER, 1);
    expect((await healthOf(base)).body).toMatchObject({ signedAt: '2026-09-07T09:20:30Z', ageSeconds: 3600 });
    expect(asked).toEqual(['trust.bundle', 'trust.bundle']);
    // It was opened once: the second time the server said that nothing had changed.
    expect(logs.slice(before).filter((line) => line.includes('"trust.')).length).toBe(1);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    now = NOW;
  });

  it('no line of its log names anything that was shown', () => {
    expect(logs.length).toBeGreaterThan(8);
    expect(logs.join('\n')).not.toMatch(/eyJ|~|SYM|"health"|green|CN-|urn:/);
  });
});

const CHILD = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
  const { bundle, bodies, now } = JSON.parse(process.argv[1]);
  Date.now = () => now * 1000;
  const { handler } = await import(bundle);
  const seen = [];
  for (const body of bodies) {
    const answer = await handler({
      version: '2.0', rawPath: '/verdicts', headers: { 'content-type': 'application/json' },
      requestContext: { http: { method: 'POST', path: '/verdicts' } }, isBase64Encoded: false, body,
    }, { getRemainingTimeInMillis: () => 10000 });
    seen.push({ verdict: JSON.parse(answer.body), loaded: loaded.splice(0) });
  }
  process.stderr.write(JSON.stringify(seen));
`;

it('a verdict on an SD-JWT loads no JSON-LD code; the first one on JSON-LD does', async () => {
  const holder = await seededSigner('a holder');
  const { statusEntry: _, ...unlisted } = CLAIMS;
  const credential = await issueDataIntegrity({
    did: 'did:web:cn-bj.symbolon.test',
    kid: (await seededSigner('CN-BJ credential')).kid,
    claims: { ...unlisted, expiresAt: addHours(CLAIMS.issuedAt, 6) },
    signer: await seededSigner('CN-BJ credential'),
    random: systemRandom,
  });
  const window = { audience: IN_PERSON_AUDIENCE, nonce: windowNonce(NOW), now: NOW, holder };
  const shown = [await show(), await presentDataIntegrity({ credential, ...window })];
  const bodies = shown.map((presentation) => JSON.stringify({ presentation, policy: POLICY }));
  const { REPLAY_TABLE: __ = '', ...env }: Record<string, string> = {
    ...environment,
    STATE_URI: folder('state-4'),
  };
  await put(older);
  const argument = JSON.stringify({ bundle: BUNDLE, bodies, now: NOW });
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', CHILD, argument],
    { env },
  );
  const seen: { verdict: { outcome: string }; loaded: string[] }[] = JSON.parse(stderr);
  expect(seen.map(({ verdict }) => verdict.outcome)).toEqual(['accepted', 'accepted']);
  const isJsonLd = async (url: string) =>
    url.startsWith('file:') && /rdf-canonize|urdna2015|RDFC-1\.0/i.test(await readFile(new URL(url), 'utf8'));
  const found = await Promise.all(
    seen.map(async ({ loaded }) => (await Promise.all(loaded.map(isJsonLd))).some(Boolean)),
  );
  expect(found).toEqual([false, true]);
});
