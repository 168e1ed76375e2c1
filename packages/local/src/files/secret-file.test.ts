import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sealKeyFile } from '@symbolon/keys/key-file';
import { kidOf } from '@symbolon/keys/kid';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSecretFile } from './secret-file.ts';
import { fileBlindIndexer, fileSealer, fileSigner } from './secrets.ts';

const KEY = insecurePrivateKeyFromSeed('ES256', 'file');
let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-secrets-'));
  const secret = async (name: string, text: string) => writeFile(at(name), text, { mode: 0o600 });
  await secret('key.jwe', await sealKeyFile(KEY, 'passphrase', 1000));
  await secret('secret', Buffer.alloc(32, 7).toString('base64url'));
  await secret('large', 'x'.repeat(4097));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a secret file', () => {
  it("is read when it is its owner's only", async () => {
    expect(await readSecretFile(at('secret'))).toHaveLength(43);
    expect((await fileSigner(pathToFileURL(at('key.jwe')), 'passphrase')).kid).toBe(kidOf(publicPart(KEY)));
  });

  it('REQ-KEY-009 is a plain file of a bounded length', async () => {
    for (const name of ['large', '.'])
      await expect(readSecretFile(at(name))).rejects.toMatchObject({ code: 'key-file-malformed' });
  });

  it.skipIf(process.platform === 'win32').each([0o640, 0o604, 0o660, 0o601])(
    'REQ-KEY-013 is refused with mode %o, whatever it is for',
    async (mode) => {
      const readers: readonly (readonly [string, (url: URL) => Promise<unknown>])[] = [
        ['key.jwe', (url) => fileSigner(url, 'passphrase')],
        ['secret', fileBlindIndexer],
        ['secret', fileSealer],
      ];
      for (const [name, read] of readers) {
        await chmod(at(name), mode);
        await expect(read(pathToFileURL(at(name)))).rejects.toMatchObject({ code: 'key-file-exposed' });
        await chmod(at(name), 0o600);
        expect(await read(pathToFileURL(at(name)))).toBeDefined();
      }
    },
  );
});
