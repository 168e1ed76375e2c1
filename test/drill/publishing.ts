import type { Signer } from '@symbolon/keys/signer';
import type { Instant } from '@symbolon/protocol/instant';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import { publish, storeFiles } from '@symbolon/registry/ceremony/publish';
import { resignTimestamp } from '@symbolon/registry/ceremony/resign-timestamp';
import { seal } from '@symbolon/registry/ceremony/seal';
import { type Held, replaceAdmin, replaceOnlineKeys, replaceRegionAdmin, revokeKey } from './ceremonies.ts';
import type { Faults } from './faults.ts';
import { dueWork, signWork } from './region-work.ts';
import { isDown, type Schedule, turnOf } from './schedule.ts';
import { timeOf, type World, withRegion } from './world.ts';

/** Who is struck by what. */
export interface Cast {
  readonly schedule: Schedule;
  readonly faults: Faults;
  /** A province and a city. */
  readonly newAdminsIn: readonly string[];
  readonly robbed: string;
  /** The thief has it, too. */
  readonly stolen: Signer;
}

/** `content`: a new snapshot; `timestamp`: only "this is still current"; nothing: nothing was published. */
export type Published = 'content' | 'timestamp' | undefined;

/** One hour of the registry: what is due is signed and published in one go, and else the timestamp is signed again. */
export async function publishHour(
  world: World,
  hour: number,
  cast: Cast,
  missed: boolean,
): Promise<{ readonly world: World; readonly published: Published }> {
  if (missed || isDown(cast.schedule, hour)) return { world, published: undefined };
  const now = timeOf(hour);
  const { store, pinnedRoot } = world;
  const ceremonies = ceremoniesAt(hour, cast, now);
  const works = await dueWorks(world, hour, cast, now);
  if (ceremonies.length + works.length === 0) {
    const again = { read: storeFiles(store), pinnedRoot, signers: world.online, now };
    await publish(store, await resignTimestamp(again));
    return { world: counted(world, { timestamps: 1 }), published: 'timestamp' };
  }
  let held: Held = { world, draft: await openDraft({ read: store.files, pinnedRoot, now }) };
  for (const ceremony of ceremonies) held = await ceremony(held.world, held.draft);
  for (const work of works) {
    const { draft, state } = await signWork(held.draft, work, now);
    held = { draft, world: withRegion(held.world, state) };
  }
  await publish(store, await seal(held.draft, held.world.online, now));
  const keysMade = works.reduce((sum, { made }) => sum + made, 0);
  const keysRetired = works.reduce((sum, { retired }) => sum + retired, 0);
  const more = { contentPublications: 1, timestamps: 1, keysMade, keysRetired };
  return { world: counted(held.world, more), published: 'content' };
}

function ceremoniesAt(hour: number, cast: Cast, now: Instant) {
  const { schedule, faults } = cast;
  const found: ((world: World, draft: Draft) => Promise<Held>)[] = [];
  if (hour === schedule.adminReplaced) found.push((world, draft) => replaceAdmin(world, draft, now));
  if (hour === schedule.regionAdminsReplaced)
    for (const id of cast.newAdminsIn)
      found.push((world, draft) => replaceRegionAdmin(world, draft, id, now));
  if (hour === schedule.keyRevoked && !faults.revocationUnpublished)
    found.push((world, draft) => revokeKey(world, draft, cast.robbed, cast.stolen.kid, now));
  if (hour === schedule.onlineKeyReplaced) found.push((world, draft) => replaceOnlineKeys(world, draft, now));
  return found;
}

async function dueWorks(world: World, hour: number, { faults }: Cast, now: Instant) {
  const turns = [...world.regions.values()].filter((_, i) => turnOf(i) === hour % 24);
  const works = await Promise.all(turns.map((state) => dueWork(state, now, faults)));
  return works.filter((work) => work !== undefined);
}

function counted(world: World, more: Partial<World['counts']>): World {
  const { counts } = world;
  return {
    ...world,
    counts: {
      contentPublications: counts.contentPublications + (more.contentPublications ?? 0),
      timestamps: counts.timestamps + (more.timestamps ?? 0),
      keysMade: counts.keysMade + (more.keysMade ?? 0),
      keysRetired: counts.keysRetired + (more.keysRetired ?? 0),
    },
  };
}
