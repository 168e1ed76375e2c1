import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { utf8 } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundleAt } from './bundle-source.ts';

let server: Server;
let base: string;
let answer: (response: ServerResponse, etag: string | undefined) => void;
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(response, request.headers['if-none-match']);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

describe('a bundle at a URL', () => {
  it('is found by its name below the base, and not sent again while it is the same', async () => {
    answer = (response, etag) => {
      response.setHeader('etag', '"one"');
      response.statusCode = etag === '"one"' ? 304 : 200;
      response.end(response.statusCode === 304 ? undefined : 'bundle');
    };
    const find = bundleAt(`${base}/registry/`);
    expect(await find(undefined)).toEqual({ bytes: utf8('bundle'), etag: '"one"' });
    expect(await find('"one"')).toEqual({ bytes: undefined, etag: '"one"' });
    expect(asked.slice(-2)).toEqual(['/registry/trust.bundle', '/registry/trust.bundle']);
  });

  it.each<[string, number, string]>([
    ['missing', 404, 'metadata-missing'],
    ['missing, as static hosts say it', 403, 'metadata-missing'],
    ['a fault', 500, 'metadata-unreachable'],
    ['a way elsewhere', 302, 'metadata-unreachable'],
  ])('%s: %i is %s', async (_, status, code) => {
    answer = (response) => {
      response.statusCode = status;
      response.setHeader('location', `${base}/elsewhere`);
      response.end('x');
    };
    await expect(bundleAt(base)(undefined)).rejects.toMatchObject({ code });
    expect(asked.at(-1)).toBe('/trust.bundle');
  });

  it('REQ-BUN-002 one without an end is cut off', async () => {
    const chunk = new Uint8Array(8 * 1024 * 1024);
    answer = (response) => {
      const more = () => {
        while (!response.destroyed) if (!response.write(chunk)) return void response.once('drain', more);
      };
      more();
    };
    await expect(bundleAt(base)(undefined)).rejects.toMatchObject({
      code: 'bundle-too-large',
      bound: LIMITS.bundleBytes,
    });
  });

  it('nobody answers: it is unreachable', async () => {
    await expect(bundleAt('http://127.0.0.1:9')(undefined)).rejects.toMatchObject({
      code: 'metadata-unreachable',
    });
  });

  const patience = { silenceMilliseconds: 20, wholeMilliseconds: 60_000 };

  it.each<[string, (response: ServerResponse) => void]>([
    ['takes the request and is silent', () => {}],
    ['falls silent after its headers', (response) => response.flushHeaders()],
    ['falls silent within the file', (response) => response.write('bun')],
  ])('one who %s is given up soon', async (_, begin) => {
    answer = begin;
    await expect(bundleAt(base, patience)(undefined)).rejects.toMatchObject({ code: 'metadata-unreachable' });
  });

  it('one who sends a byte now and then is given up too', async () => {
    answer = (response) => {
      const more = () => response.write('x', () => response.destroyed || setImmediate(more));
      more();
    };
    const given = { silenceMilliseconds: 60_000, wholeMilliseconds: 50 };
    await expect(bundleAt(base, given)(undefined)).rejects.toMatchObject({ code: 'metadata-unreachable' });
  });

  it('a bucket that takes the request and is silent is given up soon', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', base);
    vi.stubEnv('AWS_REGION', 'ap-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    answer = () => {};
    const patient = { ...patience, silenceMilliseconds: 200 };
    await expect(bundleAt('s3://bucket/registry', patient)(undefined)).rejects.toMatchObject({
      code: 'storage-failed',
    });
  });
});
