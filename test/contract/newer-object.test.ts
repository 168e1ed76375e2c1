import { S3Client } from '@aws-sdk/client-s3';
import { readNewerObject } from '@symbolon/aws/s3/newer-object';
import { utf8 } from '@symbolon/protocol/bytes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeS3, startFakeS3 } from '../support/fake-s3.ts';

let s3: FakeS3;
let client: S3Client;
const PLACE = { bucket: 'bucket', key: 'prefix/trust.bundle', maxBytes: 8 };

beforeAll(async () => {
  s3 = await startFakeS3();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new S3Client({
    endpoint: s3.endpoint,
    region: 'test',
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await s3.stop();
});
const put = (text: string) => s3.objects.set('/bucket/prefix/trust.bundle', Buffer.from(text));

describe('an object that is read when it is newer', () => {
  it('is not there, is read, is not sent again, and is read once it has changed', async () => {
    expect(await readNewerObject(client, PLACE, undefined)).toBeUndefined();
    put('one');
    const first = await readNewerObject(client, PLACE, undefined);
    expect(first).toEqual({ bytes: utf8('one'), etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) });
    expect(await readNewerObject(client, PLACE, first?.etag)).toEqual({
      bytes: undefined,
      etag: first?.etag,
    });
    put('two');
    expect(await readNewerObject(client, PLACE, first?.etag)).toMatchObject({ bytes: utf8('two') });
  });

  it('REQ-BUN-002 is not read when it is larger than it may be', async () => {
    put('123456789');
    await expect(readNewerObject(client, PLACE, undefined)).rejects.toMatchObject({
      code: 'bundle-too-large',
      bound: 8,
    });
  });

  it('REQ-ISS-018 tells of a store that does not answer', async () => {
    const nowhere = new S3Client({
      endpoint: 'http://127.0.0.1:9',
      region: 'test',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      forcePathStyle: true,
      maxAttempts: 1,
    });
    await expect(readNewerObject(nowhere, PLACE, undefined)).rejects.toMatchObject({
      code: 'storage-failed',
    });
    nowhere.destroy();
  });
});
