import { createServer, type Server } from 'node:http';
import { utf8 } from '@symbolon/protocol/bytes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpRepository } from './http-repository.ts';
import type { Repository } from './ports.ts';

const ANSWERS: Readonly<Record<string, readonly [status: number, body: string]>> = {
  '/metadata/timestamp.json': [200, 'a file'],
  '/empty': [204, ''],
  '/forbidden': [403, 'no listing'],
  '/gone': [410, ''],
  '/broken': [500, 'a fault'],
  '/elsewhere': [302, ''],
};

let server: Server;
let repository: Repository;
beforeEach(async () => {
  server = createServer((request, response) => {
    const [status, body] = ANSWERS[request.url ?? ''] ?? [404, 'not here'];
    response.writeHead(status, status === 302 ? { location: '/metadata/timestamp.json' } : {}).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a port');
  repository = httpRepository({ baseUrl: `http://127.0.0.1:${address.port}` });
});
afterEach(() => new Promise((closed) => server.close(closed)));

describe('a repository over HTTP', () => {
  it.each([
    ['metadata/timestamp.json', utf8('a file')],
    ['empty', new Uint8Array()],
    ['metadata/9.root.json', undefined],
    ['forbidden', undefined],
    ['gone', undefined],
  ])('%s', async (path, content) => {
    expect(await repository.fetch(path, 100)).toEqual(content);
  });

  it('REQ-REG-003 cuts off what is longer than was asked for', async () => {
    await expect(repository.fetch('metadata/timestamp.json', 5)).rejects.toMatchObject({
      code: 'metadata-too-large',
      bound: 5,
    });
  });

  it.each(['broken', 'elsewhere'])('a server that answers "%s" is one that is not reached', async (path) => {
    await expect(repository.fetch(path, 100)).rejects.toMatchObject({ code: 'metadata-unreachable' });
  });
});
