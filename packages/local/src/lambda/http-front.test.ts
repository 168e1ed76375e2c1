import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mount, startHttpFront } from './http-front.ts';
import { type Lambda, startLambda } from './lambda.ts';

/** A function that tells what it was given, and misbehaves when asked to. */
const FUNCTION = `
export const handler = async (event, context) => {
  const body = event.body ?? '';
  if (body === 'throw') throw new TypeError('secret');
  if (body === 'hang') return new Promise(() => {});
  if (body === 'exit') process.exit(1);
  console.log('called');
  return {
    statusCode: 201,
    headers: { 'X-Who': process.env.WHO, 'x-path': process.env.PATH ?? 'no path' },
    cookies: ['a=1', 'b=2'],
    body: Buffer.from(JSON.stringify({ event, remaining: context.getRemainingTimeInMillis() > 0 })).toString('base64'),
    isBase64Encoded: true,
  };
};`;

let folder: string;
let server: Server;
let base: string;
let lambdas: readonly Lambda[];
const logs: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-front-'));
  await writeFile(join(folder, 'index.mjs'), FUNCTION);
  const echo = (timeoutMilliseconds: number) =>
    startLambda({
      name: 'echo',
      bundle: pathToFileURL(join(folder, 'index.mjs')).href,
      environment: { WHO: 'region' },
      timeoutMilliseconds,
      onLog: (line) => logs.push(line),
    });
  const [lambda, hasty] = await Promise.all([echo(60_000), echo(500)]);
  lambdas = [lambda, hasty];
  const files: Mount = {
    kind: 'files',
    read: async (path) =>
      path === 'a.json' ? { bytes: new TextEncoder().encode('{}'), etag: '"1"' } : undefined,
  };
  server = await startHttpFront(
    0,
    new Map<string, Mount>([
      ['/echo', { kind: 'function', lambda }],
      ['/hasty', { kind: 'function', lambda: hasty }],
      ['/echo/files', files],
    ]),
  );
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  for (const lambda of lambdas) await lambda.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${base}/echo/path/x?q=1`, { method: 'POST', body, headers });

describe('the local front is to a function what API Gateway is', () => {
  it('passes events of payload format 2.0 and answers with status, headers, cookies and binary bodies', async () => {
    const answer = await post('{"a":1}', {
      'X-Custom': 'Yes',
      'content-type': 'application/json',
      cookie: 'c=3; d=4',
    });
    const { event, remaining } = JSON.parse(await answer.text());
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(remaining).toBe(true);
    expect(event).toMatchObject({
      version: '2.0',
      rawPath: '/path/x',
      rawQueryString: 'q=1',
      headers: { 'x-custom': 'Yes' },
      cookies: ['c=3', 'd=4'],
      requestContext: { http: { method: 'POST', path: '/path/x' } },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
    expect(event.headers).not.toHaveProperty('cookie');
  });

  it('gives a function its own environment and no other, and collects its log', async () => {
    const answer = await post('x');
    expect([answer.headers.get('x-who'), answer.headers.get('x-path')]).toEqual(['region', 'no path']);
    expect(logs).toContain('called');
  });

  it('sends binary bodies in base64', async () => {
    const answer = await post(Uint8Array.of(0, 255), { 'content-type': 'application/octet-stream' });
    const { event } = JSON.parse(await answer.text());
    expect([event.body, event.isBase64Encoded]).toEqual(['AP8=', true]);
  });

  it('REQ-DEC-012 likewise what is declared as JSON and is no UTF-8', async () => {
    const answer = await post(Uint8Array.of(0x22, 0xff, 0x22), { 'content-type': 'application/json' });
    const { event } = JSON.parse(await answer.text());
    expect([event.body, event.isBase64Encoded]).toEqual(['Iv8i', true]);
  });

  it('a function that throws or takes too long is 502, and says nothing of why', async () => {
    const hanging = await fetch(`${base}/hasty`, { method: 'POST', body: 'hang' });
    for (const answer of [await post('throw'), hanging])
      expect([answer.status, await answer.text()]).toEqual([502, '']);
    expect((await post('still alive')).status).toBe(201);
  });

  it('refuses bodies that Lambda would refuse', async () => {
    const answer = await post('x'.repeat(7 * 1024 * 1024)).catch(() => undefined);
    expect(answer === undefined || answer.status === 413).toBe(true);
  });

  it('serves static files with an ETag; the longest mount wins', async () => {
    const url = `${base}/echo/files/a.json`;
    const first = await fetch(url);
    expect([first.status, first.headers.get('etag'), await first.text()]).toEqual([200, '"1"', '{}']);
    expect((await fetch(url, { headers: { 'if-none-match': '"1"' } })).status).toBe(304);
    expect((await fetch(`${base}/echo/files/none`)).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${base}/nowhere`)).status).toBe(404);
  });
});
