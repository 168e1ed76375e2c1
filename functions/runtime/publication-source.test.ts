import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256 } from '@symbolon/keys/digest';
import { type Bytes, toHex } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, parseInstant } from '@symbolon/protocol/instant';
import type { MemoryStore } from '@symbolon/registry/memory-store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { foundedRegistry } from '../testing/founded-registry.ts';
import { publicationSource } from './publication-source.ts';

const NOW = parseInstant('2026-09-07T08:20:30Z');
let store: MemoryStore;
let root: Bytes;
let server: Server;
let url: string;
let isUp: boolean;
let requests: number;
let events: string[];

beforeAll(async () => {
  ({ root, store } = await foundedRegistry(NOW));
  server = createServer(async (request, response) => {
    requests++;
    const bytes = isUp ? await store.read((request.url ?? '').slice(1)) : undefined;
    response.statusCode = isUp ? (bytes === undefined ? 404 : 200) : 503;
    response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  isUp = true;
  requests = 0;
  events = [];
});

const source = (ROOT_SHA256 = toHex(sha256(root))) =>
  publicationSource({ REGION: 'CN-BJ', REGISTRY_URL: url, ROOT_SHA256 }, (event) => events.push(event));

describe('what a region has published', () => {
  it('is verified from the pinned root on, and asked for again once a minute by two small requests', async () => {
    const publication = source();
    expect((await publication(NOW)).region.region).toBe('CN-BJ');
    const first = requests;
    await publication(addSeconds(NOW, 59));
    expect(requests).toBe(first);
    await publication(addSeconds(NOW, 60));
    expect(requests).toBe(first + 2);
  });

  it('REQ-REG-013 is not believed from another root', async () => {
    await expect(source('0'.repeat(64))(NOW)).rejects.toMatchObject({ code: 'root-mismatch' });
  });

  it('REQ-REG-009 a registry that is down stops nobody who has read it: for two days, and it is told', async () => {
    const publication = source();
    await publication(NOW);
    isUp = false;
    const before = requests;
    expect((await publication(addHours(NOW, 1))).region.region).toBe('CN-BJ');
    expect(events).toEqual(['registry.absent']);
    // It is asked once a minute, not at each request.
    const asked = requests;
    await publication(addSeconds(addHours(NOW, 1), 30));
    expect([asked > before, requests === asked]).toEqual([true, true]);
    for (const seconds of [0, 1, 30, 3600]) {
      const late = addSeconds(addHours(NOW, 49), seconds);
      await expect(publication(late)).rejects.toMatchObject({ code: 'metadata-unreachable' });
    }
    isUp = true;
    await expect(source()(addHours(NOW, 49))).rejects.toMatchObject({ code: 'metadata-expired' });
  });
});
