import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import { s3Objects } from '@symbolon/aws/s3/objects';
import { fileObjects } from '@symbolon/local/files/objects';
import { utf8 } from '@symbolon/protocol/bytes';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeS3, startFakeS3 } from '../support/fake-s3.ts';

let folder: string;
let s3: FakeS3;
let client: S3Client;
const stores: Record<string, () => ObjectStore> = {
  'a folder': () => fileObjects(pathToFileURL(`${folder}/`)),
  'a bucket': () => s3Objects(client, 'bucket', 'prefix'),
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-objects-'));
  s3 = await startFakeS3();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new S3Client({ endpoint: s3.endpoint, region: 'test', credentials, forcePathStyle: true });
});

afterAll(async () => {
  client.destroy();
  await s3.stop();
  await rm(folder, { recursive: true });
});

describe.each(Object.keys(stores))('the object port on %s keeps its contract', (name) => {
  const store = () => stores[name]?.() ?? expect.unreachable();

  it('reads what was created, and nothing where nothing is', async () => {
    expect(await store().read('metadata/none.json')).toBeUndefined();
    await store().create('metadata/a.json', utf8('one'));
    expect(await store().read('metadata/a.json')).toEqual(utf8('one'));
  });

  it('REQ-REG-021 creates once: the second writer is told, and changes nothing', async () => {
    const writers = Array.from({ length: 8 }, (_, i) => store().create('once.json', utf8(`writer ${i}`)));
    const outcomes = await Promise.allSettled(writers);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'object-exists' });
    }
  });

  it('REQ-REG-020 replaces only what the writer has seen: of two publishers one wins', async () => {
    await store().create('timestamp.json', utf8('1'));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, (_, i) => store().replace('timestamp.json', utf8(`2 by ${i}`), utf8('1'))),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(store().replace('timestamp.json', utf8('3'), utf8('1'))).rejects.toMatchObject({
      code: 'publication-conflict',
    });
    await expect(store().replace('missing.json', utf8('3'), utf8('1'))).rejects.toMatchObject({
      code: 'publication-conflict',
    });
  });
});

describe('the object port on a folder', () => {
  it('leaves no lock and no half-written file behind', async () => {
    const names = await readdir(folder, { recursive: true });
    expect(names.filter((file) => /\.(tmp|lock)$/.test(file))).toEqual([]);
  });

  it('does not leave its folder', async () => {
    const store = fileObjects(pathToFileURL(`${folder}/`));
    await expect(store.read('../outside')).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.create('a/../../outside', utf8('x'))).rejects.toMatchObject({ code: 'not-found' });
  });
});
