import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromUtf8 } from '@symbolon/protocol/bytes';
import { addHours, type Instant, instant } from '@symbolon/protocol/instant';
import { withRoot } from '@symbolon/registry/ceremony/draft';
import { publish } from '@symbolon/registry/ceremony/publish';
import { resignTimestamp } from '@symbolon/registry/ceremony/resign-timestamp';
import { rotateRoot } from '@symbolon/registry/ceremony/root';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { jsonFile } from '@symbolon/registry/json-file';
import { openRegistry } from '@symbolon/registry/open-registry';
import { Updater } from 'tuf-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  authorityOf,
  buildFederation,
  delegationTo,
  type FederationFixture,
  keysFile,
  publishedKeys,
  publishUpdate,
  regionSigners,
  seededSigner,
} from '../support/federation-fixture.ts';

/** tuf-js is the independent TUF client. It knows nothing of Symbolon: it gets the first root and a URL. */

// tuf-js reads the machine's own clock, so this registry is signed now.
const NOW: Instant = instant(Math.floor(Date.now() / 1000));

let fixture: FederationFixture;
let server: Server;
let base: string;
let client: string;

beforeAll(async () => {
  fixture = await buildFederation({ now: NOW });
  server = createServer((request, response) => {
    const bytes = fixture.store.files.get((request.url ?? '').slice(1));
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  base = `http://127.0.0.1:${address.port}`;
  client = await mkdtemp(join(tmpdir(), 'symbolon-tuf-js-'));
  await writeFile(join(client, 'root.json'), fixture.pinnedRoot);
});

afterAll(async () => {
  await new Promise((closed) => server.close(closed));
  await rm(client, { recursive: true, force: true });
});

/** A client process that starts: it has what earlier ones kept, and nothing else. */
function newUpdater(): Updater {
  return new Updater({
    metadataDir: client,
    metadataBaseUrl: `${base}/metadata`,
    targetDir: client,
    targetBaseUrl: `${base}/targets`,
    config: { fetchRetry: 0 },
  });
}

async function download(updater: Updater, path: string): Promise<string | undefined> {
  const info = await updater.getTargetInfo(path);
  return info === undefined ? undefined : readFile(await updater.downloadTarget(info), 'utf8');
}

/** What our own client reads at the same moment. */
async function ours(now: Instant) {
  const { store, pinnedRoot } = fixture;
  return (await openRegistry({ read: store.files, pinnedRoot, now, expiry: 'online' })).view;
}

function contentOf(path: string): string[] {
  const [, folder, name] = /^(?:(.*)\/)?([^/]+)$/.exec(path) ?? [];
  const prefix = folder === undefined ? 'targets/' : `targets/${folder}/`;
  return [...fixture.store.files]
    .filter(([file]) => file.startsWith(prefix) && file.slice(prefix.length + 65) === name)
    .map(([, bytes]) => fromUtf8(bytes));
}

describe('a standard TUF client reads a registry of this ceremony', () => {
  it.each([
    'federation.json',
    'dictionary.json',
    'schemes/health.json',
    'regions/CN-BJ/keys.json',
    'regions/CN-BJ/region.json',
    'regions/CN-GD/rules.test.json',
    'regions/CN-HA/recognition.json',
  ])('REQ-REG-008 finds %s, from the first root alone', async (path) => {
    const text = await download(newUpdater(), path);
    expect(contentOf(path)).toContain(text);
  });

  it('REQ-REG-011 says so when there is no such file', async () => {
    expect(await download(newUpdater(), 'regions/CN-BJ/nothing.json')).toBeUndefined();
  });

  it('REQ-REG-005 follows new keys, a new timestamp and a region three levels down', async () => {
    const soon = instant(NOW + 60);
    const next = await seededSigner('CN-BJ credential 2');
    const { regions } = fixture;
    const notBefore = addHours(instant(NOW - (NOW % 3600)), 96);
    const keys = [
      ...publishedKeys(regions['CN-BJ'], NOW),
      { signer: next, use: 'credential' as const, notBefore, notAfter: addHours(notBefore, 168) },
    ];
    await publishUpdate(fixture, soon, (draft) =>
      updateRole(draft, { role: 'CN-BJ.keys', put: keysFile('CN-BJ', keys) }, [regions['CN-BJ'].keys], soon),
    );
    expect(await download(newUpdater(), 'regions/CN-BJ/keys.json')).toContain(next.kid);

    const city = await regionSigners('CN-HA.zhengzhou');
    const county = await regionSigners('CN-HA.zhengzhou.dengfeng');
    const host = 'dengfeng.symbolon.test';
    const words = { en: 'Dengfeng', zh: '登封市' };
    await publishUpdate(fixture, soon, async (draft) => {
      const delegatedCity = await updateRole(
        draft,
        { role: 'CN-HA', delegate: [delegationTo('CN-HA.zhengzhou', city)] },
        regions['CN-HA'].admins,
        soon,
      );
      const delegatedCounty = await updateRole(
        delegatedCity,
        { role: 'CN-HA.zhengzhou', delegate: [delegationTo('CN-HA.zhengzhou.dengfeng', county)] },
        city.admins,
        soon,
      );
      const region = {
        region: 'CN-HA.zhengzhou.dengfeng',
        names: words,
        issuer: `https://${host}`,
        did: `did:web:${host}`,
        authorities: {},
        endpoints: { issuer: `https://${host}`, lists: `https://${host}/lists` },
      };
      const withFile = await updateRole(
        delegatedCounty,
        {
          role: 'CN-HA.zhengzhou.dengfeng',
          put: new Map([['regions/CN-HA.zhengzhou.dengfeng/region.json', jsonFile(region)]]),
        },
        county.admins,
        soon,
      );
      return updateRole(
        withFile,
        {
          role: 'CN-HA.zhengzhou.dengfeng.keys',
          put: keysFile('CN-HA.zhengzhou.dengfeng', publishedKeys(county, soon)),
        },
        [county.keys],
        soon,
      );
    });
    const updater = newUpdater();
    expect(await download(updater, 'regions/CN-HA.zhengzhou.dengfeng/keys.json')).toContain(
      county.credential.kid,
    );
    expect(await download(updater, 'regions/CN-HA/keys.json')).toContain(regions['CN-HA'].credential.kid);
    const view = await ours(soon);
    expect(view.regions['CN-HA.zhengzhou.dengfeng']?.keys[0]?.kid).toBe(county.credential.kid);
    // The city delegates, and has not published files of its own yet.
    expect(view.malformedRegions).toEqual({ 'CN-HA.zhengzhou': 'metadata-missing' });
  });

  it('REQ-REG-004 follows a rotation of admins and of the online keys', async () => {
    const soon = instant(NOW + 120);
    const [first, second] = fixture.admins;
    const fresh = await seededSigner('admin d');
    const online = await seededSigner('online 2');
    if (first === undefined || second === undefined) throw new TypeError('admins');
    const admins = [first, fresh, second];
    const root = await rotateRoot({
      current: fixture.pinnedRoot,
      roles: {
        root: authorityOf(admins, 2),
        snapshot: authorityOf([online]),
        timestamp: authorityOf([online]),
      },
      signers: admins,
      now: soon,
    });
    fixture = { ...fixture, snapshot: online, timestamp: online };
    await publishUpdate(fixture, soon, (draft) => withRoot(draft, root));
    const updater = newUpdater();
    expect(contentOf('federation.json')).toContain(await download(updater, 'federation.json'));
    expect(JSON.parse(await readFile(join(client, 'root.json'), 'utf8')).signed.version).toBe(2);
    expect(JSON.parse(await readFile(join(client, 'timestamp.json'), 'utf8')).signed.signedAt).toBeDefined();

    const signers = { snapshot: [online], timestamp: [online] };
    const read = async (path: string) => fixture.store.files.get(path);
    const { pinnedRoot, store } = fixture;
    await publish(store, await resignTimestamp({ read, pinnedRoot, signers, now: instant(NOW + 180) }));
    await newUpdater().refresh();
    const kept = JSON.parse(await readFile(join(client, 'timestamp.json'), 'utf8'));
    expect(kept.signed.version).toBe(5);
  });

  it('agrees with our client on where each file is', async () => {
    const view = await ours(instant(NOW + 200));
    const updater = newUpdater();
    for (const [id, { keys, region }] of Object.entries(view.regions)) {
      const theirs = JSON.parse((await download(updater, `regions/${id}/keys.json`)) ?? '{}');
      expect(theirs.keys.map((key: { kid: string }) => key.kid)).toEqual(keys.map(({ kid }) => kid));
      const file = JSON.parse((await download(updater, `regions/${id}/region.json`)) ?? '{}');
      expect(file.issuer).toBe(region.issuer);
    }
    expect(Object.keys(view.regions)).toHaveLength(4);
  });
});
