import { KMSClient } from '@aws-sdk/client-kms';
import { kmsBlindIndexer } from '@symbolon/aws/kms/blind-indexer';
import { kmsSealer } from '@symbolon/aws/kms/sealer';
import { kmsSigner } from '@symbolon/aws/kms/signer';
import { verifySignature } from '@symbolon/keys/signature';
import { utf8 } from '@symbolon/protocol/bytes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeKms, startFakeKms } from '../support/fake-kms.ts';

let kms: FakeKms;
let client: KMSClient;

beforeAll(async () => {
  kms = await startFakeKms();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new KMSClient({ endpoint: kms.endpoint, region: 'test', credentials });
});

afterAll(async () => {
  client.destroy();
  await kms.stop();
});

describe('KMS adapters, over the wire', () => {
  it('a KMS key signs what every verifier checks, also beyond the 4096 bytes that KMS takes raw', async () => {
    const signer = await kmsSigner(client, 'alias/issuing');
    for (const size of [0, 100, 20_000]) {
      const data = new Uint8Array(size).fill(7);
      const signature = await signer.sign(data);
      expect(signature).toHaveLength(64);
      expect(await verifySignature(signer.publicJwk, data, signature)).toBe(true);
      expect(await verifySignature(signer.publicJwk, utf8('other'), signature)).toBe(false);
    }
    expect(kms.calls).toEqual(['GetPublicKey', 'Sign', 'Sign', 'Sign']);
  });

  it('a KMS key of Ed25519 signs the message itself, as notes ask, and nothing longer than KMS takes raw', async () => {
    const signer = await kmsSigner(client, 'alias/log-ed25519');
    expect(signer).toMatchObject({ alg: 'EdDSA', remote: true, publicJwk: { crv: 'Ed25519' } });
    for (const size of [0, 100, 4096]) {
      const data = new Uint8Array(size).fill(7);
      const signature = await signer.sign(data);
      expect(signature).toHaveLength(64);
      expect(await verifySignature(signer.publicJwk, data, signature)).toBe(true);
      expect(await verifySignature(signer.publicJwk, utf8('other'), signature)).toBe(false);
    }
    await expect(signer.sign(new Uint8Array(4097))).rejects.toMatchObject({ code: 'request-too-large' });
  });

  it('a blind index is the same for the same identifier, and tells nothing without the key', async () => {
    const indexer = kmsBlindIndexer(client, 'alias/blind-index');
    const first = await indexer.index('passport AB1234');
    expect(await indexer.index('passport AB1234')).toBe(first);
    expect(await indexer.index('passport AB1235')).not.toBe(first);
    expect(first).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('what is sealed for one subject does not open for another', async () => {
    const sealer = kmsSealer(client, 'alias/facts');
    const sealed = await sealer.seal(utf8('a fact'), 'fact health one');
    expect(new TextDecoder().decode(await sealer.open(sealed, 'fact health one'))).toBe('a fact');
    await expect(sealer.open(sealed, 'fact health two')).rejects.toThrow();
  });

  it('what is longer than KMS takes is sealed under a key of its own, for its context only', async () => {
    const sealer = kmsSealer(client, 'alias/facts');
    const plain = new Uint8Array(200_000).map((_, index) => index);
    const sealed = await sealer.seal(plain, 'batch lab one');
    expect(await sealer.open(sealed, 'batch lab one')).toEqual(plain);
    expect(await sealer.seal(plain, 'batch lab one')).not.toBe(sealed);
    await expect(sealer.open(sealed, 'batch lab two')).rejects.toThrow();
    const [wrapped = '', content = ''] = sealed.split('.');
    const changed = `${content.slice(0, 40)}${content[40] === 'A' ? 'B' : 'A'}${content.slice(41)}`;
    await expect(sealer.open(`${wrapped}.${changed}`, 'batch lab one')).rejects.toMatchObject({
      code: 'storage-failed',
    });
  });
});
