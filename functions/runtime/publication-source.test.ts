import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256 } from '@symbolon/keys/digest';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { samplePlaces } from '@symbolon/local/sample/places';
import { sampleRegion } from '@symbolon/local/sample/regions';
import { type Bytes, toHex, utf8 } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, formatInstant, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import { publish } from '@symbolon/registry/ceremony/publish';
import { seal } from '@symbolon/registry/ceremony/seal';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { jsonFile } from '@symbolon/registry/json-file';
import { type MemoryStore, memoryStore } from '@symbolon/registry/memory-store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { foundedRegistry, resignRegistry } from '../testing/founded-registry.ts';
import { publicationSource } from './publication-source.ts';
import { followRegistryCopy, REGISTRY_COPY, writeRegistryCopy } from './registry-copy.ts';

const NOW = parseInstant('2026-09-07T08:20:30Z');
/** `blockAfterHours` of the sample federation. */
const BLOCK_HOURS = 240;
let founded: { root: Bytes; store: MemoryStore };
let store: MemoryStore;
let server: Server;
let url: string;
let isUp: boolean;
let requests: string[];
let copies: MemoryStore;
let lines: { event: string; [field: string]: unknown }[];

beforeAll(async () => {
  founded = await foundedRegistry(NOW);
  server = createServer(async (request, response) => {
    const path = (request.url ?? '').slice(1);
    requests.push(path);
    const bytes = isUp ? await store.read(path) : undefined;
    response.statusCode = isUp ? (bytes === undefined ? 404 : 200) : 503;
    response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  store = memoryStore(founded.store.files);
  copies = memoryStore();
  isUp = true;
  requests = [];
  lines = [];
});

const hash = ({ root }: { root: Bytes } = founded) => toHex(sha256(root));
const settings = (ROOT_SHA256 = hash()) => ({ REGION: 'CN-BJ', REGISTRY_URL: url, ROOT_SHA256 });
const note = (event: string, fields: object) => lines.push({ event, ...fields });
/** A function that has just started. */
const source = (rootSha256 = hash()) =>
  publicationSource(settings(rootSha256), note, () => copies.read(REGISTRY_COPY));
const resign = (now: Instant) => resignRegistry(store, founded.root, now);
/** What key-epoch does hourly. */
async function copy(now: Instant, from = { root: founded.root, store }, into = copies) {
  const published = await openDraft({ read: from.store.files, pinnedRoot: from.root, now });
  await writeRegistryCopy(into, await followRegistryCopy(into, published, hash(from), now, note));
}
const region = async (publication: ReturnType<typeof source>, now: Instant) =>
  (await publication(now)).region.region;
const at = (hours: number) => addHours(NOW, hours);

describe('what a region has published', () => {
  it('is verified from the pinned root on, and asked for again once a minute by two small requests', async () => {
    const publication = source();
    expect(await region(publication, NOW)).toBe('CN-BJ');
    const first = requests.length;
    await publication(addSeconds(NOW, 59));
    expect(requests).toHaveLength(first);
    await publication(addSeconds(NOW, 60));
    expect(requests.slice(first)).toEqual(['metadata/2.root.json', 'metadata/timestamp.json']);
    expect(lines).toEqual([]);
  });

  it('REQ-REG-013 is not believed from another root', async () => {
    await expect(source('0'.repeat(64))(NOW)).rejects.toMatchObject({ code: 'root-mismatch' });
  });

  it('a start with a copy fetches only what has changed since', async () => {
    await copy(NOW);
    await resign(at(1));
    expect(await region(source(), at(1))).toBe('CN-BJ');
    expect(requests).toEqual(['metadata/2.root.json', 'metadata/timestamp.json']);
  });
});

describe('what rules and guards go by', () => {
  const seeded = (seed: string) => createLocalSigner(insecurePrivateKeyFromSeed('ES256', seed));
  const admins = (region: string) => Promise.all(['a', 'b'].map((name) => seeded(`${region} admin ${name}`)));
  async function republish(change: (draft: Draft) => Promise<Draft>) {
    const draft = await openDraft({ read: store.files, pinnedRoot: founded.root, now: NOW });
    const online = [await seeded('online')];
    await publish(store, await seal(await change(draft), { snapshot: online, timestamp: online }, NOW));
  }

  it('the federation, the lists of places, and no region above a top-level one', async () => {
    const list = samplePlaces('CN-BJ', 'health', formatInstant(NOW));
    const put = new Map([['regions/CN-BJ/places.health.json', jsonFile(list)]]);
    await republish(async (draft) => updateRole(draft, { role: 'CN-BJ', put }, await admins('CN-BJ'), NOW));
    const { placeLists, federation, parent } = await source()(NOW);
    expect(placeLists['health']?.entries.map(({ place }) => place)).toEqual(
      list.entries.map(({ place }) => place),
    );
    expect([federation.smallestClass, parent]).toEqual([20, undefined]);
    // A region that starts while the hub is down has them from its copy.
    await copy(NOW);
    isUp = false;
    expect((await source()(NOW)).placeLists).toEqual(placeLists);
  });

  it('of a nested region, the region that delegates it', async () => {
    const id = 'CN-BJ.haidian';
    const [above, own, keys] = [await admins('CN-BJ'), await admins(id), await seeded(`${id} keys`)];
    const authority = { keys: own.map(({ publicJwk }) => publicJwk), threshold: 2 };
    const delegate = [{ region: id, admins: authority, keys: { keys: [keys.publicJwk], threshold: 1 } }];
    const file = sampleRegion(id, { endpoint: 'https://haidian.symbolon.test' });
    const put = new Map([[`regions/${id}/region.json`, jsonFile(file)]]);
    const none = new Map([[`regions/${id}/keys.json`, jsonFile({ region: id, keys: [] })]]);
    await republish(async (draft) => {
      const delegated = await updateRole(draft, { role: 'CN-BJ', delegate }, above, NOW);
      const region = await updateRole(delegated, { role: id, put }, own, NOW);
      return updateRole(region, { role: `${id}.keys`, put: none }, [keys], NOW);
    });
    const nested = publicationSource({ ...settings(), REGION: id }, note);
    const { region, parent } = await nested(NOW);
    expect([region.region, parent?.region]).toEqual([id, 'CN-BJ']);
  });
});

describe('REQ-REG-009 a hub that is down stops nobody', () => {
  it('who has read it: for five days, and it is told with its age', async () => {
    const publication = source();
    await publication(NOW);
    isUp = false;
    for (let hours = 1; hours <= 5 * 24; hours++) expect(await region(publication, at(hours))).toBe('CN-BJ');
    expect(lines).toHaveLength(5 * 24);
    expect(lines.at(-1)).toEqual({
      event: 'registry.absent',
      code: 'metadata-unreachable',
      seconds: 5 * 24 * 3600,
      from: 'hub',
      regionExpired: false,
    });
    // It is asked once a minute, not at each request.
    const asked = requests.length;
    await publication(addSeconds(at(5 * 24), 59));
    expect(requests).toHaveLength(asked);
  });

  it('who starts meanwhile, by the copy: after five days too', async () => {
    await copy(NOW);
    isUp = false;
    const publication = source();
    expect(await region(publication, at(5 * 24))).toBe('CN-BJ');
    expect(await region(publication, at(5 * 24 + 1))).toBe('CN-BJ');
    const seconds = [5 * 24 * 3600, (5 * 24 + 1) * 3600];
    expect(lines).toEqual(
      seconds.map((each) => ({
        event: 'registry.absent',
        code: 'metadata-unreachable',
        seconds: each,
        from: 'copy',
        regionExpired: false,
      })),
    );
  });

  it.each([
    ['gone', 'metadata-missing', () => memoryStore()],
    ['there and not signed anew', 'metadata-expired', () => store],
    ['those of a backup', 'metadata-rollback', () => memoryStore(founded.store.files)],
  ])('when its files are %s, it says nothing new (%s)', async (_, code, then) => {
    await resign(at(1));
    await copy(at(1));
    store = then();
    const now = code === 'metadata-rollback' ? at(2) : at(5 * 24);
    expect(await region(source(), now)).toBe('CN-BJ');
    expect(lines).toEqual([expect.objectContaining({ event: 'registry.absent', code, from: 'copy' })]);
  });

  it('REQ-REG-017 a region whose own files expire meanwhile goes on, and it is told; while the hub answers it does not', async () => {
    for (let day = 1; day <= 10; day++) await resign(at(24 * day));
    await copy(at(240));
    isUp = false;
    const publication = source();
    // The role CN-BJ.keys lives for 14 days.
    for (const hours of [14 * 24 - 1, 14 * 24]) expect(await region(publication, at(hours))).toBe('CN-BJ');
    expect(lines.map(({ regionExpired }) => regionExpired)).toEqual([false, true]);
    isUp = true;
    for (let day = 11; day <= 14; day++) await resign(at(24 * day));
    await expect(publication(addSeconds(at(14 * 24), 60))).rejects.toMatchObject({ code: 'region-expired' });
  });

  it('and goes on by the hub once that is back', async () => {
    await copy(NOW);
    isUp = false;
    const publication = source();
    await publication(at(5 * 24));
    isUp = true;
    await resign(at(5 * 24));
    lines = [];
    expect(await region(publication, addSeconds(at(5 * 24), 60))).toBe('CN-BJ');
    isUp = false;
    await publication(at(12 * 24));
    // Seven days since the hub was back, and not twelve.
    expect(lines).toEqual([expect.objectContaining({ seconds: 7 * 24 * 3600, from: 'hub' })]);
  });
});

describe('REQ-ISS-026 it ends when no verifier would accept', () => {
  it.each(['warm', 'cold'])('from blockAfterHours on (%s)', async (start) => {
    await copy(NOW);
    const publication = source();
    if (start === 'warm') await publication(NOW);
    isUp = false;
    expect(await region(publication, addSeconds(at(BLOCK_HOURS), -1))).toBe('CN-BJ');
    lines = [];
    for (const seconds of [0, 60, 3600]) {
      const late = addSeconds(at(BLOCK_HOURS), seconds + 59);
      await expect(publication(late)).rejects.toMatchObject({ code: 'registry-too-old' });
    }
    expect(lines.map(({ event }) => event)).toEqual(Array(3).fill('registry.too-old'));
    await expect(source()(at(BLOCK_HOURS))).rejects.toMatchObject({ code: 'registry-too-old' });
  });

  it('without a copy, a start needs the hub', async () => {
    isUp = false;
    await expect(source()(at(1))).rejects.toMatchObject({ code: 'metadata-unreachable' });
    await expect(publicationSource(settings(), note)(at(1))).rejects.toMatchObject({
      code: 'metadata-unreachable',
    });
  });
});

describe('a copy is believed for nothing but its signatures', () => {
  it('REQ-REG-013 one of another federation is told and not used', async () => {
    const other = await foundedRegistry(at(-1));
    await copy(NOW, other);
    expect(await region(source(), NOW)).toBe('CN-BJ');
    isUp = false;
    await expect(source()(NOW)).rejects.toMatchObject({ code: 'metadata-unreachable' });
    for (const line of lines)
      expect(line).toEqual({ event: 'registry.copy-unusable', code: 'root-mismatch' });
    expect(lines.length).toBeGreaterThanOrEqual(2);
  });

  it('a damaged one is told and not used', async () => {
    await copies.create(REGISTRY_COPY, utf8('no bundle'));
    expect(await region(source(), NOW)).toBe('CN-BJ');
    isUp = false;
    await expect(source()(NOW)).rejects.toMatchObject({ code: 'metadata-unreachable' });
    expect(lines[0]).toEqual({ event: 'registry.copy-unusable', code: 'bundle-malformed' });
  });

  it('a place that cannot be read is told, and keeps nobody from the hub', async () => {
    const publication = publicationSource(settings(), note, async () => {
      throw new TypeError('no such bucket');
    });
    expect(await region(publication, NOW)).toBe('CN-BJ');
    expect(lines).toEqual([{ event: 'registry.copy-unusable', code: 'internal-error' }]);
  });

  it('REQ-REG-005 one that is older than what was seen changes nothing; a newer one counts', async () => {
    const older = memoryStore();
    await copy(NOW, { root: founded.root, store }, older);
    await resign(at(20));
    const publication = source();
    await publication(at(20));
    isUp = false;
    copies = memoryStore(older.files);
    await publication(at(21));
    await resign(at(40));
    copies = memoryStore();
    await copy(at(40));
    await publication(at(41));
    expect(lines.map(({ from, seconds }) => [from, seconds])).toEqual([
      ['hub', 3600],
      ['copy', 3600],
    ]);
  });

  it('REQ-REG-005 a hub that is older than the copy is not believed', async () => {
    await resign(at(1));
    await copy(at(1));
    store = memoryStore(founded.store.files);
    lines = [];
    await source()(at(2));
    // The copy's hour counts, and not the hub's.
    expect(lines).toEqual([expect.objectContaining({ code: 'metadata-rollback', seconds: 3600 })]);
  });
});
