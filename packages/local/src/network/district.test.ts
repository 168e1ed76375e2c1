import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { overseersOf } from '@symbolon/issuer/operators';
import { parseInstant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileObjects } from '../files/objects.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { checkSecrets, openKey } from './federation-keys.ts';
import { foundOnce } from './found-once.ts';
import { listedKey } from './operators.ts';

const FOUNDED = parseInstant('2026-09-07T08:20:30Z');
const DISTRICT = 'CN-BJ.haidian';
let path: string;
let folder: DataFolder;
let published: Draft;

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'symbolon-district-'));
  folder = await openDataFolder(join(path, 'data'), false);
  await foundOnce(folder, 'http://127.0.0.1:4100', FOUNDED);
  const objects = fileObjects(folder.url('registry/'));
  const pinnedRoot = new Uint8Array(await readFile(folder.file('registry', 'metadata', '1.root.json')));
  published = await openDraft({ read: (file) => objects.read(file), pinnedRoot, now: FOUNDED });
});

afterAll(async () => {
  await folder.release();
  await rm(path, { recursive: true });
});

const delegated = (role: string) =>
  (published.roles.get(role)?.signed.delegations?.roles ?? []).map(({ name }) => name);
const regionOf = (region: string) =>
  own(published.base?.view.regions ?? {}, region)?.region ?? expect.unreachable();

describe('a district of the local network', () => {
  it('REQ-REG-012 is delegated by the region above it only, keys role first', () => {
    expect(delegated('CN-BJ')).toEqual([`${DISTRICT}.keys`, DISTRICT]);
    for (const role of ['targets', 'CN-GD', 'CN-HA', DISTRICT])
      expect(delegated(role)).not.toContain(DISTRICT);
  });

  it('has keys of its own, and only the sources of what it decides by', async () => {
    await checkSecrets(folder);
    const { endpoints, sources, authorities } = regionOf(DISTRICT);
    expect(endpoints.issuer).toBe('http://127.0.0.1:4100/cn-bj-haidian');
    expect(Object.keys(sources ?? {}).toSorted()).toEqual(['contact-tracing', 'residents']);
    expect(Object.values(authorities).map(({ operators }) => operators.length)).toEqual([0, 3, 0]);
    const kids = async (region: string) => {
      const names = (await readdir(folder.file('keys')))
        .map((name) => name.replace(/\.jwe$/, ''))
        .filter((name) => name.startsWith(`${region}.`) && !name.slice(region.length + 1).includes('.'));
      const keys = await Promise.all(names.map((name) => openKey(folder, name)));
      return keys.map((key) => listedKey(key).kid);
    };
    const [above, below] = [await kids('CN-BJ'), await kids(DISTRICT)];
    expect([above.length, below.length]).toEqual([13, 9]);
    expect(new Set([...above, ...below]).size).toBe(22);
  });

  it('REQ-ISS-031 is overseen by two people of two offices above it; a province by the federation', async () => {
    const federation = published.base?.view.federation ?? expect.unreachable();
    const kidsOf = async (...names: string[]) => {
      const keys = await Promise.all(names.map((name) => openKey(folder, name)));
      return keys.map((key) => listedKey(key).kid);
    };
    const above = regionOf('CN-BJ');
    const overseers = overseersOf(federation, above).map(({ kid }) => kid);
    expect(overseers).toEqual(await kidsOf('CN-BJ.operator-2', 'CN-BJ.operator-3'));
    const offices = Object.values(above.authorities).filter(({ operators }) =>
      operators.some(({ kid }) => overseers.includes(kid)),
    );
    expect(offices).toHaveLength(2);
    expect(overseersOf(federation, regionOf('CN-GD'))).toEqual([]);
    expect(overseersOf(federation, undefined).map(({ kid }) => kid)).toEqual(
      await kidsOf('overseer-1', 'overseer-2'),
    );
  });
});
