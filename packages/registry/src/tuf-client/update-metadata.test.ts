import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { formatInstant } from '@symbolon/protocol/instant';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  keysOf,
  type PlainRepository,
  plainRepository,
  roleOf,
  signFile,
} from '../testing/plain-repository.ts';
import { later, NOW, signer } from '../testing/small-registry.ts';
import { type MemoryCache, memoryCache } from '../updater/memory-cache.ts';
import { updateMetadata } from './update-metadata.ts';

let repo: PlainRepository;
let store: MemoryCache;

beforeEach(async () => {
  repo = await plainRepository();
  store = memoryCache(new Map([['root.json', fileOf('1.root.json')]]));
});

const fileOf = (name: string): Bytes => repo.files.get(name) ?? expect.unreachable();

const update = (now = NOW) => updateMetadata({ repository: repo.repository, store, now });

const signedIn = (name: string): JsonObject => JSON.parse(fromUtf8(fileOf(name))).signed;

/** Versions that the client keeps, by role. */
function kept(): Record<string, number> {
  return Object.fromEntries(
    [...store.files].map(([name, bytes]) => [
      name.slice(0, -'.json'.length),
      JSON.parse(fromUtf8(bytes)).signed.version,
    ]),
  );
}

const refused = async (code: string, now = NOW) => {
  await expect(update(now)).rejects.toMatchObject({ code });
};

describe('the client workflow of TUF 1.0, section 5, on a plain repository', () => {
  it('REQ-REG-009 asks for what changed, in order, and for two files when nothing did', async () => {
    await update();
    expect(repo.asked).toEqual(['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json']);
    expect(kept()).toEqual({ root: 1, timestamp: 1, snapshot: 1, targets: 1 });
    repo.asked.length = 0;
    await update();
    expect(repo.asked).toEqual(['2.root.json', 'timestamp.json']);
    await repo.publish('snapshot', 'timestamp');
    repo.asked.length = 0;
    await update();
    expect(repo.asked).toEqual(['2.root.json', 'timestamp.json', '2.snapshot.json']);
  });

  it('reads a repository without consistent snapshots by names without versions, but roots by theirs', async () => {
    repo = await plainRepository({ consistent: false });
    store = memoryCache(new Map([['root.json', fileOf('1.root.json')]]));
    await repo.publish('root', 'targets', 'snapshot', 'timestamp');
    await update();
    expect(repo.asked).toEqual([
      '2.root.json',
      '3.root.json',
      'timestamp.json',
      'snapshot.json',
      'targets.json',
    ]);
    expect(kept()).toEqual({ root: 2, timestamp: 2, snapshot: 2, targets: 2 });
  });

  it('REQ-REG-001 begins with a root that signed itself, or asks nothing', async () => {
    store = memoryCache();
    await refused('no-trust-anchor');
    store = memoryCache(new Map([['root.json', await signFile(signedIn('1.root.json'), [])]]));
    await refused('metadata-signatures');
    expect(repo.asked).toEqual([]);
  });
});

describe('root (5.3)', () => {
  it('REQ-REG-006 an expired root on the way does not matter, the newest one does, before anything else is asked', async () => {
    repo.signed['root'] = { ...repo.signed['root'], expires: formatInstant(later(1)) };
    await repo.publish('root');
    await refused('metadata-expired', later(2));
    expect(repo.asked).toEqual(['2.root.json', '3.root.json']);
    expect(kept()).toEqual({ root: 2 });
    repo.signed['root'] = { ...repo.signed['root'], expires: formatInstant(later(9)) };
    await repo.publish('root');
    await update(later(2));
    expect(kept()).toMatchObject({ root: 3, targets: 1 });
  });

  it('REQ-REG-005 keeps each root at once: the next update begins there', async () => {
    await repo.publish('root', 'root');
    repo.files.set('4.root.json', fileOf('3.root.json'));
    await refused('metadata-rollback');
    expect(kept()).toEqual({ root: 3 });
    repo.asked.length = 0;
    await refused('metadata-rollback');
    expect(repo.asked).toEqual(['4.root.json']);
  });

  it.each(['timestamp', 'snapshot'])(
    'REQ-REG-005 a rotation of %s keys forgets timestamp and snapshot for good (5.3.11), though the update then fails',
    async (role) => {
      // A stolen key has led the client far ahead.
      repo.signed['targets'] = { ...repo.signed['targets'], version: 900 };
      repo.signed['snapshot'] = { ...repo.signed['snapshot'], version: 900 };
      repo.signed['timestamp'] = { ...repo.signed['timestamp'], version: 900 };
      await repo.publish('targets', 'snapshot', 'timestamp');
      await update();
      expect(kept()).toMatchObject({ timestamp: 901, snapshot: 901, targets: 901 });
      for (const each of ['targets', 'snapshot', 'timestamp']) {
        repo.signed[each] = { ...repo.signed[each], version: 1 };
      }
      await repo.publish('targets', 'snapshot', 'timestamp');
      await refused('metadata-rollback');

      repo.signers[role] = [await signer(`new ${role}`)];
      await repo.publish('root');
      const timestamp = fileOf('timestamp.json');
      repo.files.delete('timestamp.json');
      await refused('metadata-missing');
      expect(kept()).toEqual({ root: 2, targets: 901 });
      repo.files.set('timestamp.json', timestamp);
      await repo.publish('snapshot', 'timestamp');
      await update();
      expect(kept()).toEqual({ root: 2, timestamp: 3, snapshot: 3, targets: 2 });
    },
  );
});

describe('timestamp (5.4)', () => {
  it('REQ-REG-005 one of the same version replaces nothing, whatever it says (5.4.3.1)', async () => {
    await update();
    const before = store.files.get('timestamp.json');
    const meta = { 'snapshot.json': { version: 100 } };
    const other = { ...repo.signed['timestamp'], expires: formatInstant(later(200)), meta };
    repo.files.set('timestamp.json', await signFile(other, repo.signers['timestamp'] ?? []));
    repo.asked.length = 0;
    await update();
    expect(repo.asked).toEqual(['2.root.json', 'timestamp.json']);
    expect(store.files.get('timestamp.json')).toEqual(before);
  });

  it('REQ-REG-006 nor does it lengthen the life of the one that is kept', async () => {
    repo.signed['timestamp'] = { ...repo.signed['timestamp'], expires: formatInstant(later(1)) };
    await repo.publish('timestamp');
    await update();
    const longer = { ...repo.signed['timestamp'], expires: formatInstant(later(200)) };
    repo.files.set('timestamp.json', await signFile(longer, repo.signers['timestamp'] ?? []));
    await refused('metadata-expired', later(1));
    // An expired one that is kept is still a witness, and is replaced by the next.
    repo.signed['timestamp'] = longer;
    await repo.publish('timestamp');
    await update(later(1));
    expect(kept()).toMatchObject({ timestamp: 3 });
  });

  it('REQ-REG-004 what is kept is verified again: a file that someone planted is as if it were not there', async () => {
    await update();
    const stranger = await signer('stranger');
    const planted = { ...repo.signed['timestamp'], version: 99 };
    await store.write('timestamp.json', await signFile(planted, [stranger]));
    await store.write('snapshot.json', utf8('{"damaged'));
    await store.write('targets.json', await signFile({ ...repo.signed['targets'], targets: {} }, [stranger]));
    repo.asked.length = 0;
    await update();
    expect(repo.asked).toEqual(['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json']);
    expect(kept()).toEqual({ root: 1, timestamp: 1, snapshot: 1, targets: 1 });
  });
});

describe('snapshot and targets (5.5, 5.6)', () => {
  it('REQ-REG-005 a snapshot that is no longer current is still a witness of what was seen', async () => {
    await repo.publish('targets', 'snapshot', 'timestamp');
    await update();
    const meta = { 'targets.json': { version: 1 } };
    repo.signed['snapshot'] = { ...repo.signed['snapshot'], meta };
    await repo.publish('snapshot', 'timestamp');
    await refused('metadata-rollback');
    expect(kept()).toEqual({ root: 1, timestamp: 3, snapshot: 2, targets: 2 });
  });

  it('REQ-REG-007 a file that is refused is not kept, and what was kept before stays', async () => {
    await update();
    await repo.publish('targets', 'snapshot', 'timestamp');
    const good = fileOf('2.targets.json');
    repo.files.set('2.targets.json', fileOf('1.targets.json'));
    await refused('metadata-mismatch');
    expect(kept()).toEqual({ root: 1, timestamp: 2, snapshot: 2, targets: 1 });
    repo.files.set('2.targets.json', good);
    await update();
    expect(kept()).toMatchObject({ targets: 2 });
  });

  it('REQ-REG-002 keys and roles that root lists stand as they are listed', async () => {
    const [first, second] = [await signer('one'), await signer('two', 'EdDSA')];
    repo.signers['targets'] = [first, second];
    repo.signed['root'] = {
      ...repo.signed['root'],
      keys: keysOf([...Object.values(repo.signers).flat()]),
      roles: {
        ...Object.fromEntries(Object.entries(repo.signers).map(([name, each]) => [name, roleOf(each)])),
        targets: roleOf([first, second], 2),
      },
    };
    await repo.publish('root', 'targets', 'snapshot', 'timestamp');
    await update();
    expect(kept()).toMatchObject({ root: 2, targets: 2 });
    repo.signers['targets'] = [first];
    await repo.publish('targets', 'snapshot', 'timestamp');
    await refused('metadata-signatures');
  });
});
