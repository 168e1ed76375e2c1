import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dynamoDbClient } from '@symbolon/aws/clients';
import { replayMemory } from '@symbolon/aws/dynamodb/replay-memory';
import { memoryStore } from '@symbolon/registry/memory-store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  NOW,
  POLICY,
  publishedBundle,
  servedBundle,
  show,
  startVerifier,
} from '../testing/verifier-world.ts';
import { AT_THE_GATE } from './patience.ts';

let server: Server;
let requests = 0;
beforeAll(async () => {
  server = createServer(() => {
    requests++;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

it('REQ-BND-014 a table that takes the request and is silent refers the case: the second time is the last', async () => {
  const patience = { ...AT_THE_GATE, answerMilliseconds: 100 };
  const client = dynamoDbClient(patience, {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'ap-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const published = await publishedBundle();
  const found = servedBundle(published.bundle).find;
  const verifier = startVerifier(found, memoryStore(), published.rootSha256, NOW);
  verifier.api = { ...verifier.api, memory: replayMemory(client, 'verifier') };
  const answer = await verifier.call('/verdicts', { presentation: await show(), policy: POLICY });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ outcome: 'referred', findings: [{ code: 'replay-unknown' }] });
  // A busy machine may be given up before it has read the request.
  expect(requests).toBeLessThanOrEqual(2);
  client.destroy();
});
