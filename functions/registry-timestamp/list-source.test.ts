import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { issueBitstringList } from '@symbolon/credential/bitstring-list';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { sampleRegion } from '@symbolon/local/sample/regions';
import { addHours, parseInstant } from '@symbolon/protocol/instant';
import { purposeOf } from '@symbolon/protocol/list-names';
import { check } from '@symbolon/protocol/schemas/common';
import { Region } from '@symbolon/protocol/schemas/region';
import { afterEach, describe, expect, it } from 'vitest';
import { httpLists } from './list-source.ts';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

/** A region that answers as told; `undefined` never answers. */
async function region(
  answer: (path: string) => { status: number; body: string } | undefined,
): Promise<Region> {
  server = createServer((request, response) => {
    const given = answer((request.url ?? '').slice('/lists/'.length));
    if (given === undefined) return;
    response.statusCode = given.status;
    if (given.status === 302) response.setHeader('location', '/elsewhere');
    response.end(given.body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return check(Region, sampleRegion('CN-BJ', { endpoint: `http://127.0.0.1:${port}` }), 'region-malformed');
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** A token of the right form; nobody checks its signature on the way into a bundle. */
function token(id: string, { sub = `https://cn-bj.symbolon.test/lists/${id}`, chars = 8 } = {}): string {
  const claims = { sub, iat: 1, exp: 2, ttl: 1, status_list: { bits: 2, lst: 'A'.repeat(chars) } };
  return `${part({ alg: 'ES256', typ: 'statuslist+jwt', kid: 'A'.repeat(11) })}.${part(claims)}.AAAA`;
}

const signer = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'CN-BJ status'));
async function bitstring(id: string): Promise<string> {
  const issuedAt = parseInstant('2026-09-07T08:00:00Z');
  return issueBitstringList({
    did: 'did:web:cn-bj.symbolon.test',
    kid: signer.kid,
    uri: `https://cn-bj.symbolon.test/lists/${id}`,
    purpose: purposeOf(id) ?? expect.unreachable(),
    encodedList: 'uAAAA',
    issuedAt,
    expiresAt: addHours(issuedAt, 98),
    ttlSeconds: 300,
    signer,
  });
}

const index = (ids: string[]) => ({ status: 200, body: JSON.stringify({ lists: ids }) });
const ids = (count: number) => Array.from({ length: count }, (_, i) => String(494_000 + i));

describe("gathering a region's status lists", () => {
  it('takes every list of the index, and passes over one that has ended meanwhile', async () => {
    const where = await region((path) => {
      if (path === 'index.json') return index(ids(20));
      return path === '494003' ? { status: 404, body: '' } : { status: 200, body: token(path) };
    });
    const lists = await httpLists().listsOf(where);
    expect(lists.size).toBe(19);
    expect(lists.get('494019')).toBe(token('494019'));
  });

  it('REQ-STA-009 takes Bitstring lists too, once it has the tokens', async () => {
    const revocation = await bitstring('494000.revocation');
    const asked: string[] = [];
    const where = await region((path) => {
      asked.push(path);
      if (path === 'index.json') return index(['494000.revocation', '494000', '494001']);
      return { status: 200, body: path === '494000.revocation' ? revocation : token(path) };
    });
    const lists = await httpLists().listsOf(where);
    expect(lists.get('494000.revocation')).toBe(revocation);
    expect(lists.get('494000')).toBe(token('494000'));
    expect(asked.at(-1)).toBe('494000.revocation');
  });

  it.each<[string, () => string | Promise<string>]>([
    ['a token', () => token('494000.revocation')],
    ['a list of another id', () => bitstring('494001.revocation')],
    ['a list of the other purpose', () => bitstring('494000.suspension')],
  ])('REQ-STA-006 %s under the name of a Bitstring list is refused', async (_, text) => {
    const body = await text();
    const where = await region((path) =>
      path === 'index.json' ? index(['494000.revocation']) : { status: 200, body },
    );
    await expect(httpLists().listsOf(where)).rejects.toMatchObject({ code: 'status-list-malformed' });
  });

  it('a region that has published nothing has no lists', async () => {
    expect((await httpLists().listsOf(await region(() => ({ status: 404, body: '' })))).size).toBe(0);
  });

  it.each([
    [
      'an index that is no index',
      () => ({ status: 200, body: '{"lists":["../../keys"]}' }),
      'status-list-malformed',
    ],
    [
      'more than a region may have',
      (path: string) =>
        path === 'index.json' ? index(ids(5)) : { status: 200, body: token(path, { chars: 500_000 }) },
      'metadata-too-large',
    ],
    [
      'a list that is too long',
      (path: string) =>
        path === 'index.json' ? index(ids(1)) : { status: 200, body: 'x'.repeat(2_000_000) },
      'metadata-too-large',
    ],
    [
      'what is no status list',
      (path: string) => (path === 'index.json' ? index(ids(1)) : { status: 200, body: '{"secret":1}' }),
      'status-list-malformed',
    ],
    [
      'a list of another region',
      (path: string) =>
        path === 'index.json'
          ? index(ids(1))
          : { status: 200, body: token(path, { sub: 'https://cn-gd.symbolon.test/lists/494000' }) },
      'status-list-malformed',
    ],
    ['a redirect', () => ({ status: 302, body: '' }), 'metadata-unreachable'],
    ['a server that fails', () => ({ status: 500, body: '' }), 'metadata-unreachable'],
  ])('%s is refused', async (_, answer, code) => {
    await expect(httpLists().listsOf(await region(answer))).rejects.toMatchObject({ code });
  });

  it('a region that is slow is as one that is down', async () => {
    const where = await region((path) =>
      path === 'index.json' ? index(ids(50)) : { status: 200, body: token(path) },
    );
    await expect(httpLists(0).listsOf(where)).rejects.toMatchObject({ code: 'metadata-unreachable' });
  });
});
