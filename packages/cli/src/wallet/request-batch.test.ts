import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { instant } from '@symbolon/protocol/instant';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requestWithReceipt } from './request-batch.ts';

/** Answers a nonce of its own each time, and what is told for a batch: the last one again and again. */
let answers: readonly [status: number, body: object][];
let nonces: string[];
let shown: { readonly nonce: string; readonly keys: readonly string[] }[];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request
    .on('data', (chunk) => chunks.push(chunk))
    .on('end', () => {
      const [status, body] = request.url === '/nonce' ? [200, freshNonce()] : batchAnswer(chunks);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
});
let endpoint: string;

function freshNonce(): object {
  nonces.push(`nonce ${nonces.length}`);
  return { nonce: nonces.at(-1) };
}

function batchAnswer(chunks: readonly Buffer[]): readonly [number, object] {
  const jwts: readonly string[] = JSON.parse(Buffer.concat(chunks).toString()).proofs.jwt;
  const part = (jwt: string, index: number) =>
    JSON.parse(Buffer.from(jwt.split('.')[index] ?? '', 'base64url').toString());
  shown.push({
    nonce: jwts.map((jwt) => part(jwt, 1).nonce).join(', '),
    keys: jwts.map((jwt) => part(jwt, 0).jwk.x),
  });
  return answers[Math.min(shown.length, answers.length) - 1] ?? [500, {}];
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  nonces = [];
  shown = [];
});

const UNLOGGED: [number, object] = [503, { code: 'decision-unlogged' }];
const BATCH: [number, object] = [200, { credentials: [{ credential: 'a' }], receipt: 'a receipt' }];

async function requested() {
  const pauses: number[] = [];
  const told: string[] = [];
  const order = { endpoint, issuer: endpoint, code: 'code', scheme: 'health', now: instant(1_800_000_000) };
  const batch = await requestWithReceipt(
    { ...order, format: 'dc+sd-jwt', count: 1 },
    {
      pause: async (milliseconds) => void pauses.push(milliseconds),
      onWait: (next, tries) => told.push(`${next} of ${tries}`),
    },
  ).catch((error: unknown) => error);
  return { batch, pauses, told };
}

describe('REQ-ISS-037 a wallet whose decision is not in the log yet', () => {
  it('asks again after a pause, with a new nonce and the same key, until it is', async () => {
    answers = [UNLOGGED, UNLOGGED, BATCH];
    const { batch, pauses, told } = await requested();
    expect(batch).toMatchObject({ credentials: [{ credential: 'a' }], receipt: 'a receipt' });
    expect([pauses, told]).toEqual([
      [1000, 2000],
      ['2 of 5', '3 of 5'],
    ]);
    expect(shown.map(({ nonce }) => nonce)).toEqual(['nonce 0', 'nonce 1', 'nonce 2']);
    expect(new Set(shown.flatMap(({ keys }) => keys)).size).toBe(1);
  });

  it('gives up after ten seconds', async () => {
    answers = [UNLOGGED];
    const { batch, pauses } = await requested();
    expect(batch).toMatchObject({ code: 'decision-unlogged' });
    expect(pauses.reduce((sum, each) => sum + each, 0)).toBe(10_000);
    expect(shown).toHaveLength(5);
  });

  it.each([
    ['subject-merged', 409],
    ['storage-failed', 503],
  ])('asks once only when the issuer says %s', async (code, status) => {
    answers = [[status, { code }], BATCH];
    const { batch, pauses } = await requested();
    expect([batch, pauses]).toEqual([expect.objectContaining({ code }), []]);
  });
});

it('an issuer without a log gives no receipt', async () => {
  answers = [[200, { credentials: [{ credential: 'a' }] }]];
  expect((await requested()).batch).toMatchObject({ receipt: undefined });
});
