import type { Signer } from '@symbolon/keys/signer';
import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import type { Change } from '@symbolon/registry/ceremony/changes/change';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import { proposeEvent } from '@symbolon/registry/ceremony/event/propose-event';
import { sealEvent } from '@symbolon/registry/ceremony/event/seal-event';
import { signEvent } from '@symbolon/registry/ceremony/event/sign-event';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { publish, storeFiles } from '@symbolon/registry/ceremony/publish';
import { resignTimestamp } from '@symbolon/registry/ceremony/resign-timestamp';
import type { Publication } from '@symbolon/registry/ceremony/seal';
import type { ClientState } from '@symbolon/registry/client-state';
import { type History, readHistory } from '@symbolon/registry/history/read-history';
import { jsonFile } from '@symbolon/registry/json-file';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { openRegistry } from '@symbolon/registry/open-registry';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  authorityOf,
  buildFederation,
  delegationTo,
  type FederationFixture,
  FIXTURE_NOW,
  regionSigners,
  seededSigner,
} from '../support/federation-fixture.ts';
import { interruptedStore, type Kill, Killed, killedStore, watchedStore } from './failing-store.ts';

/**
 * Crash tables (style, 21): a publication is killed once before and once after each write. Whatever it leaves: readers have the old registry or the
 * new one, whole; the next run finishes; and the history is that of what was published.
 */

const T1 = addHours(FIXTURE_NOW, 1);
const T2 = addHours(FIXTURE_NOW, 2);

type Files = ReadonlyMap<string, Bytes>;

/** Something to publish. Every run reads the store anew, as a process does that was started again. */
interface Attempt {
  readonly files: Files;
  run(store: ObjectStore, now: Instant): Promise<Publication>;
  /** Who reads after it, and from which anchor. */
  readonly pinnedRoot: Bytes;
  readonly event?: SigningEvent;
}

const fresh = await seededSigner('fresh online');
let fixture: FederationFixture;
let holders: readonly Signer[];

beforeAll(async () => {
  fixture = await buildFederation();
  const regions = Object.values(fixture.regions).flatMap(({ admins, keys }) => [...admins, keys]);
  holders = [...fixture.admins, ...regions];
});

function draftOf(store: ObjectStore, now: Instant): Promise<Draft> {
  return openDraft({ read: storeFiles(store), pinnedRoot: fixture.pinnedRoot, now });
}

async function signedEvent(
  changes: readonly Change[],
  published: Draft | undefined,
  others: readonly Signer[] = [],
): Promise<SigningEvent> {
  let event = await proposeEvent(published, changes, { title: 'a change', now: T1 });
  for (const signer of [...holders, ...others]) {
    event = await signEvent(event, published, [signer]).catch(() => event);
  }
  return event;
}

/** An event, and the signers of snapshot and timestamp who are at hand. */
async function eventAttempt(
  changes: readonly Change[],
  { others = [], old = true }: { readonly others?: readonly Signer[]; readonly old?: boolean } = {},
): Promise<Attempt> {
  const { files, pinnedRoot, snapshot, timestamp } = fixture;
  const event = await signedEvent(changes, await draftOf(watchedStore(files), T1), others);
  const online = {
    snapshot: [fresh, ...(old ? [snapshot] : [])],
    timestamp: [fresh, ...(old ? [timestamp] : [])],
  };
  const run = async (store: ObjectStore, now: Instant) =>
    sealEvent(event, await draftOf(store, now), online, now);
  return { files, pinnedRoot, event, run };
}

async function resignAttempt(at: Instant): Promise<Attempt> {
  const { files, pinnedRoot, snapshot, timestamp } = fixture;
  const signers = { snapshot: [snapshot], timestamp: [timestamp] };
  const run = (store: ObjectStore, now: Instant) =>
    resignTimestamp({
      read: storeFiles(store),
      pinnedRoot,
      signers,
      now: addHours(at, now === T1 ? 0 : 1),
    });
  return { files, pinnedRoot, run };
}

async function firstAttempt(): Promise<Attempt> {
  const { admins, snapshot, timestamp } = fixture;
  const guangdong = await regionSigners('CN-GD');
  const found = (name: string) =>
    [...fixture.files].find(([path]) => path.endsWith(`.${name}`))?.[1] ?? new Uint8Array();
  const create: Change = {
    change: 'create',
    root: authorityOf(admins, 2),
    targets: authorityOf(admins, 2),
    snapshot: authorityOf([snapshot]),
    timestamp: authorityOf([timestamp]),
    files: new Map(['federation.json', 'dictionary.json'].map((name) => [name, found(name)])),
  };
  const region: Change = { change: 'add-region', ...delegationTo('CN-GD', guangdong) };
  const event = await signedEvent([create, region], undefined);
  const online = { snapshot: [snapshot], timestamp: [timestamp] };
  const whole = watchedStore(new Map());
  await publish(whole, await sealEvent(event, undefined, online, T1));
  const pinnedRoot = whole.files.get('metadata/1.root.json') ?? new Uint8Array();
  const run = async (store: ObjectStore, now: Instant) => {
    const read = storeFiles(store);
    const there = await read('metadata/timestamp.json', { maxBytes: 1e6 });
    const published = there && (await openDraft({ read, pinnedRoot, now }));
    return sealEvent(event, published, online, now, read);
  };
  return { files: new Map(), pinnedRoot, event, run };
}

/** What a reader has: everything but when it was signed. */
async function readAs(
  { pinnedRoot }: Attempt,
  files: Files,
  now: Instant,
  state?: ClientState,
): Promise<{ readonly content: string; readonly rootVersion: number }> {
  const { view, state: next } = await openRegistry({
    read: files,
    pinnedRoot,
    state,
    now,
    expiry: 'offline',
  });
  const {
    version: _v,
    snapshotSha256: _h,
    publishedAt: _p,
    signedAt: _s,
    rootExpires: _r,
    ...content
  } = view;
  return { content: JSON.stringify(content), rootVersion: next.rootVersion };
}

async function historyOf({ pinnedRoot }: Attempt, store: ObjectStore, now: Instant): Promise<History> {
  const read = storeFiles(store);
  const { base } = await openDraft({ read, pinnedRoot, now });
  if (base === undefined) throw new TypeError('nothing published');
  return readHistory(read, base.trust, { limit: 99 });
}

const rotation = (more: readonly Change[] = []): readonly Change[] => [
  { change: 'rotate-online', snapshot: authorityOf([fresh]), timestamp: authorityOf([fresh]) },
  ...more,
];

const SCENARIOS: readonly [what: string, attempt: () => Promise<Attempt>, writes: number][] = [
  [
    'a plain event',
    () =>
      eventAttempt([
        { change: 'add-key', region: 'CN-BJ', use: 'credential', jwk: fresh.publicJwk },
        {
          change: 'put',
          role: 'CN-GD',
          files: new Map([['regions/CN-GD/note.json', jsonFile({ note: 1 })]]),
        },
      ]),
    6,
  ],
  ['a root that renews its admins', () => eventAttempt([{ change: 'add-admin', jwk: fresh.publicJwk }]), 3],
  [
    'a root that gives targets to others',
    async () => {
      const to = authorityOf([fresh, ...fixture.admins.slice(0, 1)], 2);
      return eventAttempt([{ change: 'rotate-admins', role: 'targets', to }], { others: [fresh] });
    },
    4,
  ],
  ['new online keys, signed along by the old ones', () => eventAttempt(rotation()), 3],
  [
    'new online keys, another admin and a new key at once',
    async () =>
      eventAttempt(
        rotation([
          { change: 'add-admin', jwk: (await seededSigner('admin d')).publicJwk },
          { change: 'add-key', region: 'CN-BJ', use: 'status', jwk: (await seededSigner('next')).publicJwk },
        ]),
      ),
    5,
  ],
  ['the hourly timestamp', () => resignAttempt(T1), 1],
  ['the hourly timestamp with a new snapshot', () => resignAttempt(addHours(FIXTURE_NOW, 97)), 2],
  ['the first publication', firstAttempt, 6],
];

const kills = (writes: number): readonly Kill[] =>
  Array.from({ length: writes }, (_, at) =>
    (['before', 'after'] as const).map((when) => ({ at, when })),
  ).flat();

describe.each(SCENARIOS)('%s', (_what, make, writes) => {
  let attempt: Attempt;
  let publication: Publication;
  let done: Files;
  beforeAll(async () => {
    attempt = await make();
    const store = watchedStore(attempt.files);
    publication = await attempt.run(store, T1);
    await publish(store, publication);
    done = store.files;
    expect(store.writes).toHaveLength(writes);
    expect(publication.rootFirst).toBeUndefined();
  });

  it.each(kills(writes))(
    'killed $when write $at: readers have the old or the new one, whole',
    async (kill) => {
      const { store, later, state } = await killed(kill);
      const fresh = await reads(store.files, later);
      const [old, next] = [await reads(attempt.files, later), await reads(done, later)];
      expect([old?.content, next?.content]).toContain(fresh?.content);
      expect([old?.rootVersion, next?.rootVersion]).toContain(fresh?.rootVersion);
      // Whoever had the old one before reads the same.
      if (state !== undefined) expect(await readAs(attempt, store.files, later, state)).toEqual(fresh);
    },
  );

  it.each(kills(writes))('killed $when write $at: the same publication finishes it', async (kill) => {
    const { store, later } = await killed(kill);
    await publish(store, publication);
    expect(new Map(store.files)).toEqual(new Map(done));
    await publish(store, publication);
    expect(await historyOf(attempt, store, later)).toEqual(
      await historyOf(attempt, watchedStore(done), later),
    );
  });

  it.each(kills(writes))('killed $when write $at: the next run, an hour later, finishes it', async (kill) => {
    const { store, later, state } = await killed(kill);
    const left = new Map(store.files);
    await runAgain(store);
    expect(await reads(store.files, later)).toEqual(await reads(done, later));
    if (state !== undefined) {
      expect(await readAs(attempt, store.files, later, state)).toEqual(await reads(done, later));
    }
    // What was left is there still, and does no harm.
    for (const path of left.keys()) expect(store.files.has(path)).toBe(true);
    const { entries, end } = await historyOf(attempt, store, later);
    const told = entries.flatMap(({ roles }) => roles.map(({ role, version }) => `${role} ${version}`));
    const expected = await historyOf(attempt, watchedStore(done), later);
    expect(told).toEqual(
      expected.entries.flatMap(({ roles }) => roles.map(({ role, version }) => `${role} ${version}`)),
    );
    expect(end).toBe('first');
    for (const { role, signers, threshold } of entries.flatMap(({ roles }) => roles)) {
      expect(signers.length, role).toBeGreaterThanOrEqual(threshold);
    }
  });

  async function killed(kill: Kill) {
    const store = watchedStore(attempt.files);
    const state = await stateOf(attempt.files);
    await expect(publish(killedStore(store, kill), publication)).rejects.toThrow(Killed);
    return { store, state, later: T2 };
  }

  async function runAgain(store: ObjectStore): Promise<void> {
    try {
      await publish(store, await attempt.run(store, T2));
    } catch (error) {
      // REQ-CER-012: it had been finished, and the answer says so.
      if (!isSymbolonError(error) || error.code !== 'event-published') throw error;
    }
    if (attempt.event === undefined) return;
    await expect(attempt.run(store, T2)).rejects.toMatchObject({ code: 'event-published' });
  }

  async function reads(files: Files, now: Instant) {
    if (!files.has('metadata/timestamp.json')) return undefined;
    return readAs(attempt, files, now);
  }

  async function stateOf(files: Files): Promise<ClientState | undefined> {
    if (!files.has('metadata/timestamp.json')) return undefined;
    const { pinnedRoot } = attempt;
    return (await openRegistry({ read: files, pinnedRoot, now: FIXTURE_NOW, expiry: 'offline' })).state;
  }
});

describe('new online keys, when the old ones are lost', () => {
  it.each(kills(3))(
    'killed $when write $at: only between root and timestamp readers wait, and the next run finishes',
    async (kill) => {
      const attempt = await eventAttempt(rotation(), { old: false });
      const store = watchedStore(attempt.files);
      const publication = await attempt.run(store, T1);
      expect(publication.rootFirst).toBe(true);
      const first = await openRegistry({
        read: attempt.files,
        pinnedRoot: attempt.pinnedRoot,
        now: T1,
        expiry: 'online',
      });
      await expect(publish(killedStore(store, kill), publication)).rejects.toThrow(Killed);
      // Snapshot, root, timestamp.
      const between = store.files.has('metadata/2.root.json') && !(kill.at === 2 && kill.when === 'after');
      const read = readAs(attempt, store.files, T2, first.state);
      if (between) await expect(read).rejects.toMatchObject({ code: 'metadata-signatures' });
      else await read;
      expect((await draftOf(store, T2)).base?.view.version).toBe(
        kill.at === 2 && kill.when === 'after' ? 2 : 1,
      );
      if (kill.at !== 2 || kill.when === 'before') await publish(store, await attempt.run(store, T2));
      expect((await readAs(attempt, store.files, T2, first.state)).rootVersion).toBe(2);
      await expect(attempt.run(store, T2)).rejects.toMatchObject({ code: 'event-published' });
      expect((await historyOf(attempt, store, T2)).entries.map(({ roles }) => roles[0]?.role)).toEqual([
        'root',
        'root',
      ]);
    },
  );

  it('another event that comes in that moment takes the root along', async () => {
    const attempt = await eventAttempt(rotation(), { old: false });
    const store = watchedStore(attempt.files);
    const publication = await attempt.run(store, T1);
    await expect(publish(killedStore(store, { at: 1, when: 'after' }), publication)).rejects.toThrow(Killed);
    const event = await signedEvent([{ change: 'renew', role: 'CN-BJ' }], await draftOf(store, T1));
    const online = { snapshot: [fresh], timestamp: [fresh] };
    await publish(store, await sealEvent(event, await draftOf(store, T2), online, T2));
    expect((await readAs(attempt, store.files, T2)).rootVersion).toBe(2);
    await expect(attempt.run(store, T2)).rejects.toMatchObject({ code: 'event-published' });
  });
});

describe('REQ-REG-020 two publishers at once', () => {
  const beijing: Change = { change: 'renew', role: 'CN-BJ' };
  const pairs: [what: string, first: readonly Change[], second: readonly Change[]][] = [
    ['of two regions', [beijing], [{ change: 'renew', role: 'CN-HA' }]],
    ['of one region', [beijing], [beijing, { change: 'renew', role: 'CN-GD' }]],
    ['with two roots', [{ change: 'add-admin', jwk: fresh.publicJwk }], rotation()],
    ['with a root and a region', rotation([beijing]), [{ change: 'renew', role: 'CN-HA' }]],
  ];

  it.each(pairs)(
    '%s: wherever one comes between, exactly one wins, and its root only',
    async (_what, one, other) => {
      const [a, b] = [await eventAttempt(one), await eventAttempt(other)];
      const [first, second] = [
        await a.run(watchedStore(a.files), T1),
        await b.run(watchedStore(b.files), T1),
      ];
      const contents = await Promise.all(
        [first, second].map(async (publication) => {
          const store = watchedStore(fixture.files);
          await publish(store, publication);
          return readAs(a, store.files, T2);
        }),
      );
      for (let at = 0; at <= first.files.size; at++) {
        const store = watchedStore(fixture.files);
        const outcomes: string[] = [];
        const outcome = (run: Promise<void>) =>
          run.then(
            () => outcomes.push('published'),
            (error) => outcomes.push(error.code),
          );
        const between = async () => {
          await outcome(publish(store, second));
        };
        await outcome(publish(interruptedStore(store, at, between), first));
        expect(outcomes.toSorted(), `at ${at}`).toEqual(['publication-conflict', 'published']);
        const winner = outcomes[1] === 'published' ? 0 : 1;
        expect(await readAs(a, store.files, T2)).toEqual(contents[winner]);
        expect((await historyOf(a, store, T2)).entries).toHaveLength(2);
      }
    },
  );

  it('the one who lost seals again, if the other touched nothing of its own', async () => {
    const [a, b] = [await eventAttempt([beijing]), await eventAttempt([{ change: 'renew', role: 'CN-HA' }])];
    const store = watchedStore(fixture.files);
    const late = await b.run(store, T1);
    await publish(store, await a.run(store, T1));
    await expect(publish(store, late)).rejects.toMatchObject({ code: 'publication-conflict' });
    await publish(store, await b.run(store, T2));
    const { entries } = await historyOf(a, store, T2);
    expect(entries.slice(0, 2).map(({ roles }) => roles.map(({ role }) => role))).toEqual([
      ['CN-HA'],
      ['CN-BJ'],
    ]);
  });
});
