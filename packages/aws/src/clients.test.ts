import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoDbClient, kmsClient, type Patience, s3Client } from './clients.ts';
import { s3Objects } from './s3/objects.ts';

/** An hour is for ever here: only the bound that is tested can end a request. */
const FOR_EVER = 3_600_000;
const PATIENT: Patience = {
  attempts: 2,
  connectMilliseconds: FOR_EVER,
  answerMilliseconds: FOR_EVER,
  silenceMilliseconds: FOR_EVER,
};
const IMPATIENT: readonly (readonly [string, Patience])[] = [
  ['until the answer begins', { ...PATIENT, answerMilliseconds: 100 }],
  ['without a byte', { ...PATIENT, silenceMilliseconds: 100 }],
];

let server: Server;
let requests = 0;
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((_request, response) => {
    requests++;
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
});
beforeEach(() => {
  requests = 0;
  answer = () => {};
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const config = () => ({
  endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  region: 'ap-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
const bucket = (patience: Patience) =>
  s3Objects(s3Client(patience, { ...config(), forcePathStyle: true }), 'bucket', '');

describe.each(IMPATIENT)('a service that takes the request and is silent: so long %s', (_, patience) => {
  it.each<[string, () => Promise<unknown>]>([
    [
      'DynamoDB',
      () => dynamoDbClient(patience, config()).send(new DescribeTableCommand({ TableName: 'table' })),
    ],
    ['KMS', () => kmsClient(patience, config()).send(new GetPublicKeyCommand({ KeyId: 'key' }))],
  ])('%s is asked a second time, and not a third', async (_service, ask) => {
    await expect(ask()).rejects.toMatchObject({ name: 'TimeoutError', $metadata: { attempts: 2 } });
    // A busy machine may be given up before it has read the request.
    expect(requests).toBeLessThanOrEqual(2);
  });

  it.each<[string, (objects: ReturnType<typeof bucket>) => Promise<unknown>]>([
    ['reading', (objects) => objects.read('file')],
    ['writing', (objects) => objects.create('file', Uint8Array.of(1))],
  ])('S3: %s fails as storage that failed', async (_way, work) => {
    await expect(work(bucket(patience))).rejects.toMatchObject({
      code: 'storage-failed',
      cause: { name: 'TimeoutError', $metadata: { attempts: 2 } },
    });
    expect(requests).toBeLessThanOrEqual(2);
  });
});

it('an object that stops coming is given up', async () => {
  answer = (response) => {
    response.writeHead(200, { etag: '"one"', 'content-length': '8' });
    response.write('half');
  };
  const given = bucket({ ...PATIENT, silenceMilliseconds: 100 });
  await expect(given.read('file')).rejects.toMatchObject({ code: 'storage-failed' });
});
