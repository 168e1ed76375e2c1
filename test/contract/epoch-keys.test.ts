import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { kmsEpochKeys } from '@symbolon/aws/kms/epoch-keys';
import { s3Vault } from '@symbolon/aws/s3/vault';
import type { EpochKeys } from '@symbolon/issuer/ports';
import { kidOf } from '@symbolon/keys/kid';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { verifySignature } from '@symbolon/keys/signature';
import { fileEpochKeys } from '@symbolon/local/files/epoch-keys';
import { utf8 } from '@symbolon/protocol/bytes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeKms, startFakeKms } from '../support/fake-kms.ts';
import { type FakeS3, startFakeS3 } from '../support/fake-s3.ts';

let folder: string;
let kms: FakeKms;
let s3: FakeS3;
let kmsClient: KMSClient;
let s3Client: S3Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-epoch-keys-'));
  kms = await startFakeKms();
  s3 = await startFakeS3();
  const shared = { region: 'test', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  kmsClient = new KMSClient({ ...shared, endpoint: kms.endpoint, maxAttempts: 1 });
  s3Client = new S3Client({ ...shared, endpoint: s3.endpoint, forcePathStyle: true });
});

afterAll(async () => {
  kmsClient.destroy();
  s3Client.destroy();
  await kms.stop();
  await s3.stop();
  await rm(folder, { recursive: true });
});

const onKms = (region = 'CN-BJ') =>
  kmsEpochKeys({
    client: kmsClient,
    wrappingKey: 'wrapping',
    region,
    vault: s3Vault(s3Client, 'vault', region),
  });
const onFiles = (passphrase = 'correct horse battery') =>
  fileEpochKeys(pathToFileURL(`${folder}/`), passphrase);
const ADAPTERS: Record<string, () => EpochKeys> = {
  'KMS and a bucket': () => onKms(),
  'a folder of key files': () => onFiles(),
};

describe.each(Object.keys(ADAPTERS))('custody of epoch keys by %s keeps its contract', (name) => {
  const keys = () => ADAPTERS[name]?.() ?? expect.unreachable();

  it('a key that was made is listed under its use, and signs as its kid', async () => {
    const made = [await keys().make('credential'), await keys().make('credential')];
    made.push(await keys().make('credential'));
    const status = await keys().make('status');
    expect((await keys().list('credential')).toSorted()).toEqual(made.toSorted());
    expect(await keys().list('status')).toEqual([status]);
    for (const kid of made) {
      const signer = (await keys().open('credential', kid)) ?? expect.unreachable();
      expect([signer.kid, kidOf(signer.publicJwk), signer.alg]).toEqual([kid, kid, 'ES256']);
      const signature = await signer.sign(utf8('a credential'));
      expect(await verifySignature(signer.publicJwk, utf8('a credential'), signature)).toBe(true);
    }
  });

  it('REQ-KEY-003 no key opens for another use than its own', async () => {
    for (const kid of await keys().list('credential'))
      expect(await keys().open('status', kid)).toBeUndefined();
  });

  it('REQ-KEY-005 a key that is published is marked, once and again, and no other is; the mark is no key', async () => {
    const [kid = '', ...others] = await keys().list('credential');
    expect(await keys().listPublished('credential')).toEqual([]);
    await keys().markPublished('credential', kid);
    await keys().markPublished('credential', kid);
    expect(await keys().listPublished('credential')).toEqual([kid]);
    expect(await keys().listPublished('status')).toEqual([]);
    expect((await keys().list('credential')).toSorted()).toEqual([kid, ...others].toSorted());
    expect((await keys().open('credential', kid))?.kid).toBe(kid);
    // The mark goes with the key, also where only the mark is left.
    await keys().forget('credential', kid);
    expect(await keys().listPublished('credential')).toEqual([]);
    await keys().markPublished('credential', kid);
    expect(await keys().listPublished('credential')).toEqual([kid]);
    expect((await keys().list('credential')).toSorted()).toEqual(others.toSorted());
    await keys().forget('credential', kid);
    expect(await keys().listPublished('credential')).toEqual([]);
    await keys().make('credential');
  });

  it('a key that was forgotten is gone, once and again', async () => {
    const [kid = '', ...others] = await keys().list('credential');
    await keys().forget('credential', kid);
    await keys().forget('credential', kid);
    expect((await keys().list('credential')).toSorted()).toEqual(others.toSorted());
    expect(await keys().open('credential', kid)).toBeUndefined();
  });

  it('what is no kid names no file', async () => {
    await expect(keys().open('credential', '../status/x')).rejects.toMatchObject({ code: 'id-malformed' });
    await expect(keys().markPublished('credential', '../x')).rejects.toMatchObject({ code: 'id-malformed' });
    await expect(keys().forget('credential', '..')).rejects.toMatchObject({ code: 'id-malformed' });
  });
});

describe('custody of epoch keys by KMS', () => {
  const pathOf = (use: string, kid: string) => `/vault/CN-BJ/${use}/${kid}.json`;
  const stored = async () => {
    const [kid = ''] = await onKms().list('credential');
    return { kid, object: s3.objects.get(pathOf('credential', kid)) ?? expect.unreachable() };
  };

  it('REQ-KEY-010 the private half lies wrapped, and every use of the wrapping key names region and use', async () => {
    const { kid, object } = await stored();
    expect(Object.keys(JSON.parse(object.toString())).toSorted()).toEqual(['jwk', 'wrapped']);
    expect(object.toString()).not.toMatch(/"d"|PRIVATE/);
    const before = kms.calls.length;
    await onKms().make('status');
    await onKms().open('credential', kid);
    expect(kms.calls.slice(before)).toEqual(['GenerateDataKeyPairWithoutPlaintext', 'Decrypt']);
    expect(kms.contexts.slice(before)).toEqual([
      { region: 'CN-BJ', use: 'status' },
      { region: 'CN-BJ', use: 'credential' },
    ]);
  });

  it('REQ-KEY-003 an object that was moved to another use, or to another region, does not open', async () => {
    const { kid, object } = await stored();
    s3.objects.set(pathOf('status', kid), object);
    s3.objects.set(`/vault/CN-GD/credential/${kid}.json`, object);
    await expect(onKms().open('status', kid)).rejects.toMatchObject({ code: 'key-malformed' });
    await expect(onKms('CN-GD').open('credential', kid)).rejects.toMatchObject({ code: 'key-malformed' });
    s3.objects.delete(pathOf('status', kid));
  });

  it('REQ-KEY-006 who can write the bucket and not use the wrapping key smuggles no key of their own in', async () => {
    const { object } = await stored();
    const { wrapped } = JSON.parse(object.toString());
    const jwk = publicPart(insecurePrivateKeyFromSeed('ES256', 'attacker'));
    for (const forged of [{ jwk, wrapped }, { jwk, wrapped: 'AAAA' }, { jwk }, { jwk, wrapped: '!' }]) {
      s3.objects.set(pathOf('credential', kidOf(jwk)), Buffer.from(JSON.stringify(forged)));
      await expect(onKms().open('credential', kidOf(jwk))).rejects.toMatchObject({ code: 'key-malformed' });
    }
    // Nor under the name of a key that is published.
    const other = await onKms().make('credential');
    s3.objects.set(pathOf('credential', other), object);
    await expect(onKms().open('credential', other)).rejects.toMatchObject({ code: 'key-malformed' });
  });

  it('REQ-ISS-018 a KMS that is not well is told from a key that is not one', async () => {
    const kid = await onKms().make('credential');
    kms.isDown = true;
    await expect(onKms().open('credential', kid)).rejects.toMatchObject({ code: 'storage-failed' });
    await expect(onKms().make('credential')).rejects.toMatchObject({ code: 'storage-failed' });
    kms.isDown = false;
    expect((await onKms().open('credential', kid))?.kid).toBe(kid);
  });
});

describe('custody of epoch keys by key files', () => {
  const fileOf = (kid: string, use = 'credential') => join(folder, use, `${kid}.jwe`);

  it('REQ-KEY-010 a key file opens with its passphrase only, and is what its name says', async () => {
    const [one = '', other = ''] = await onFiles().list('credential');
    expect(await readFile(fileOf(one), 'utf8')).toMatch(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){4}$/);
    await expect(onFiles('wrong').open('credential', one)).rejects.toMatchObject({
      code: 'key-file-passphrase',
    });
    await rename(fileOf(one), fileOf(other));
    await expect(onFiles().open('credential', other)).rejects.toMatchObject({ code: 'key-malformed' });
    await rm(fileOf(other));
  });

  it.skipIf(process.platform === 'win32')(
    'REQ-KEY-013 is made for its owner only, and refused when others can read it',
    async () => {
      const kid = await onFiles().make('credential');
      expect((await stat(fileOf(kid))).mode & 0o777).toBe(0o600);
      expect((await stat(join(folder, 'credential'))).mode & 0o777).toBe(0o700);
      for (const mode of [0o640, 0o604, 0o620]) {
        await chmod(fileOf(kid), mode);
        await expect(onFiles().open('credential', kid)).rejects.toMatchObject({ code: 'key-file-exposed' });
      }
      await chmod(fileOf(kid), 0o600);
      expect((await onFiles().open('credential', kid))?.kid).toBe(kid);
    },
  );

  it('what is no key file in the folder is no key', async () => {
    await writeFile(join(folder, 'credential', 'notes.txt'), 'x');
    await writeFile(join(folder, 'credential', 'AAAAAAAAAAA.jwe.1.tmp'), 'half');
    const names = await readdir(join(folder, 'credential'));
    expect((await onFiles().list('credential')).length).toBe(names.length - 2);
  });
});
