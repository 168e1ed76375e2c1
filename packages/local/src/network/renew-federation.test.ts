import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { openRegistry } from '@symbolon/registry/open-registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileObjects } from '../files/objects.ts';
import { ALL_SAMPLE_REGIONS } from '../sample/regions.ts';
import { type DataFolder, DataFolderError, openDataFolder } from './data-folder.ts';
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

describe('a local network that was left alone', () => {
  it('changes nothing as long as nothing ends soon', async () => {
    const before = await open(FOUNDED);
    await renewFederation(folder, root, days(3));
    expect((await open(FOUNDED)).view.version).toBe(before.view.version);
  });

  it.each([12, 30])('after %i days has living roles', async (count) => {
    await renewFederation(folder, root, days(count));
    const { view } = await open(days(count));
    expect(Object.values(view.regions).map(({ expired }) => expired)).toEqual(
      ALL_SAMPLE_REGIONS.map(() => false),
    );
  });

  it('REQ-KEY-012 says that it is over once its keys have ended, and publishes none without its lead', async () => {
    const before = await open(days(30));
    const renewed = renewFederation(folder, root, days(32));
    await expect(renewed).rejects.toThrow(DataFolderError);
    await expect(renewed).rejects.toThrow('--reset');
    expect((await open(days(30))).view.version).toBe(before.view.version);
  });
});
