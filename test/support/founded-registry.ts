import { addHours, hourFloor, type Instant } from '@symbolon/protocol/instant';
import type { KeyUse } from '@symbolon/protocol/schemas/region';
import { startDraft } from '@symbolon/registry/ceremony/draft';
import { publish } from '@symbolon/registry/ceremony/publish';
import { createRoot } from '@symbolon/registry/ceremony/root';
import { seal } from '@symbolon/registry/ceremony/seal';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { type MemoryStore, memoryStore } from '@symbolon/registry/memory-store';
import { federationContent, keySigner, regionContent } from './ceremony-folder.ts';
import { authorityOf, keysFile, type PublishedKey } from './federation-fixture.ts';

/** Whose key files a ceremony of these tests knows: admins of the federation, of Beijing, and what signs online. */
export const ADMINS = ['wang', 'li', 'zhao'] as const;
export const BEIJING = { admins: ['bj-wu', 'bj-ma', 'bj-sun'], keys: 'CN-BJ.keys' } as const;
export const ONLINE = 'online';
const EPOCH_HOURS = 7 * 24;
const LEAD_HOURS = 4 * 24;

export interface FoundedAt {
  readonly now: Instant;
  /** When root and targets end; a year from `now` when left out. */
  readonly topExpires?: Instant;
}

/**
 * A federation of one region, CN-BJ, as the runbook of the first ceremony founds it: two of three sign everywhere, one key is online, and of each kind
 * of epoch key one signs and one is in reserve. The keys are those of `writeKeys`.
 */
export async function foundRegistry({ now, topExpires }: FoundedAt): Promise<MemoryStore> {
  const admins = await Promise.all(ADMINS.map(keySigner));
  const region = await Promise.all(BEIJING.admins.map(keySigner));
  const [keys, online] = [await keySigner(BEIJING.keys), await keySigner(ONLINE)];
  const twoOfThree = authorityOf(admins, 2);
  const expires = topExpires && { expires: topExpires };
  const root = await createRoot({
    roles: {
      root: twoOfThree,
      targets: twoOfThree,
      snapshot: authorityOf([online]),
      timestamp: authorityOf([online]),
    },
    signers: admins.slice(0, 2),
    now,
    ...expires,
  });
  const delegate = [{ region: 'CN-BJ', admins: authorityOf(region, 2), keys: authorityOf([keys]) }];
  let draft = await updateRole(
    await startDraft(root),
    { role: 'targets', put: federationContent(), delegate, ...expires },
    admins.slice(0, 2),
    now,
  );
  const own = [...regionContent('CN-BJ')].map(([name, bytes]) => [`regions/CN-BJ/${name}`, bytes] as const);
  draft = await updateRole(draft, { role: 'CN-BJ', put: new Map(own) }, region.slice(0, 2), now);
  const put = keysFile('CN-BJ', await firstKeys(now));
  draft = await updateRole(draft, { role: 'CN-BJ.keys', put }, [keys], now);
  const store = memoryStore();
  await publish(store, await seal(draft, { snapshot: [online], timestamp: [online] }, now, 'create'));
  return store;
}

async function firstKeys(now: Instant): Promise<readonly PublishedKey[]> {
  const uses: readonly [use: KeyUse, name: string][] = [
    ['credential', 'issuing'],
    ['status', 'status'],
  ];
  const keys = uses.flatMap(([use, name]) =>
    [0, LEAD_HOURS].map(async (after, i) => {
      const notBefore = addHours(hourFloor(now), after);
      const notAfter = addHours(notBefore, 3 * EPOCH_HOURS);
      return { signer: await keySigner(`${name}-${i + 1}`), use, notBefore, notAfter };
    }),
  );
  return Promise.all(keys);
}
