import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { openRegistry } from '@symbolon/registry/open-registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileObjects } from '../files/objects.ts';
import { SAMPLE_REGIONS } from '../sample/regions.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { keyNames } from './federation-keys.ts';
import { foundOnce } from './found-once.ts';
import { renewFederation } from './renew-federation.ts';

const FOUNDED = parseInstant('2026-09-07T08:20:30Z');
const days = (count: number) => addHours(FOUNDED, 24 * count);
let path: string;
let folder: DataFolder;
let root: Bytes;

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'symbolon-renew-'));
  folder = await openDataFolder(join(path, 'data'), false);
  await foundOnce(folder, 'http://127.0.0.1:4100', FOUNDED);
  root = new Uint8Array(await readFile(folder.file('registry', 'metadata', '1.root.json')));
});

afterAll(async () => {
  await folder.release();
  await rm(path, { recursive: true });
});

const open = (now: Instant) => {
  const objects = fileObjects(folder.url('registry/'));
  return openRegistry({ read: (file) => objects.read(file), pinnedRoot: root, now, expiry: 'offline' });
};
const regionsAt = async (now: Instant) => Object.values((await open(now)).view.regions);

describe('a local network that was left alone', () => {
  it('changes nothing as long as nothing ends soon', async () => {
    const before = await open(FOUNDED);
    await renewFederation(folder, root, days(3));
    expect((await open(FOUNDED)).view.version).toBe(before.view.version);
  });

  it.each([12, 60, 200])(
    'after %i days has living roles, and issuing and status keys for the days to come',
    async (count) => {
      const now = days(count);
      await renewFederation(folder, root, now);
      for (const { region, keys, expired } of await regionsAt(now)) {
        expect({ region: region.region, expired }).toEqual({ region: region.region, expired: false });
        for (const use of ['credential', 'status']) {
          const living = keys.filter(
            (key) => key.use === use && key.notBefore <= now && key.notAfter > addHours(now, 24),
          );
          expect(living.length).toBeGreaterThan(0);
        }
      }
    },
  );

  it('keeps the keys of earlier epochs, so that what they signed can still be looked up', async () => {
    for (const { keys } of await regionsAt(days(200))) expect(keys.length).toBe(6);
    for (const region of SAMPLE_REGIONS) {
      expect(await keyNames(folder, `${region}.credential`)).toEqual(
        ['', '-2', '-3'].map((nth) => `${region}.credential${nth}`),
      );
    }
  });
});
