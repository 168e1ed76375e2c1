import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { postJson } from './post-json.ts';

/** Answers with the body that it was sent, as a problem. */
const server = createServer((request, response) => {
  response.writeHead(400, { 'content-type': 'application/problem+json' });
  request.pipe(response);
});
let url: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

it.each([
  [
    { code: 'subject-unknown', path: 'facts.17.subject, retracts.0.id' },
    'subject-unknown',
    'facts.17.subject, retracts.0.id',
  ],
  [{ code: 'subject-unknown' }, 'subject-unknown', undefined],
  // What an issuer says is shown on a terminal: names of fields only.
  [{ code: 'subject-unknown', path: 'a\u001b[2Jb' }, 'subject-unknown', undefined],
  [{ code: 'nonsense', path: 'a' }, 'internal-error', undefined],
  [{ path: 'a' }, 'internal-error', undefined],
])('a refusal %j is told as %s at %s', async (problem, code, path) => {
  await expect(postJson(z.object({}), url, problem)).rejects.toMatchObject({ code, path });
});
