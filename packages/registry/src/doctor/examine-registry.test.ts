import { kidOf } from '@symbolon/keys/kid';
import { addHours, addSeconds, formatInstant, type Instant } from '@symbolon/protocol/instant';
import { isJsonObject, type JsonObject } from '@symbolon/protocol/strict-json';
import { beforeAll, describe, expect, it } from 'vitest';
import { jsonFile } from '../ceremony/json-file.ts';
import { memoryStore } from '../ceremony/memory-store.ts';
import { updateRole } from '../ceremony/update-role.ts';
import type { LoadedRegistry } from '../registry-view/load-registry.ts';
import { loadFromAnchor } from '../registry-view/open-registry.ts';
import { forgeRole } from '../testing/forge-target.ts';
import {
  ADMINS,
  authority,
  createSmallRegistry,
  delegationTo,
  later,
  NOW,
  regionSigners,
  republish,
  type SmallRegistry,
  signer,
} from '../testing/small-registry.ts';
import { examineRegistry } from './examine-registry.ts';
import type { DoctorFinding } from './finding.ts';

const REGIONS = ['CN-BJ', 'CN-HA'] as const;
const days = (count: number) => count * 86_400;
let healthy: SmallRegistry;

interface KeyWindow {
  readonly use: string;
  readonly from: number;
  readonly to: number;
  readonly revoked?: boolean;
}

/** For each use one key that signs and one in reserve, as `planEpochs` makes them. */
const STEADY: readonly KeyWindow[] = ['credential', 'status'].flatMap((use) => [
  { use, from: 0, to: 21 },
  { use, from: 7, to: 28 },
]);

async function keysFile(region: string, windows: readonly KeyWindow[], more: object = {}) {
  const keys = await Promise.all(
    windows.map(async ({ use, from, to, revoked }) => {
      const { publicJwk: jwk } = await signer(`${region} ${use} ${from} ${to}`);
      const life = { notBefore: formatInstant(later(from)), notAfter: formatInstant(later(to)) };
      const ended = revoked ? { revoked: { since: formatInstant(NOW), reason: 'leaked' } } : {};
      return { kid: kidOf(jwk), use, alg: 'ES256', jwk, ...life, ...ended };
    }),
  );
  return new Map([[`regions/${region}/keys.json`, jsonFile({ region, keys, ...more })]]);
}

/** The small registry with these keys in CN-HA; CN-BJ has steady ones. */
async function withKeys(windows: readonly KeyWindow[], more: object = {}): Promise<SmallRegistry> {
  const registry = await createSmallRegistry();
  await republish(registry, NOW, async (draft) => {
    let next = draft;
    for (const region of REGIONS) {
      const put = region === 'CN-HA' ? await keysFile(region, windows, more) : await keysFile(region, STEADY);
      next = await updateRole(next, { role: `${region}.keys`, put }, [registry.regions[region].keys], NOW);
    }
    return next;
  });
  return registry;
}

function load(
  { pinnedRoot, store }: Pick<SmallRegistry, 'pinnedRoot' | 'store'>,
  now: Instant,
): Promise<LoadedRegistry> {
  return loadFromAnchor({ read: store.files, pinnedRoot, now, expiry: 'offline' });
}

async function examine(registry: Pick<SmallRegistry, 'pinnedRoot' | 'store'>, now: Instant) {
  return examineRegistry(await load(registry, now), now);
}

const short = (findings: readonly DoctorFinding[]) =>
  findings.map(({ severity, place, code }) => `${severity} ${place} ${code}`);
const at = (findings: readonly DoctorFinding[], place: string) =>
  findings.filter((each) => each.place === place);

/** The signed part of targets with other delegations. */
function withDelegations(
  { delegations }: JsonObject,
  change: (roles: readonly JsonObject[]) => readonly JsonObject[],
): JsonObject {
  const { roles = [], ...rest } = isJsonObject(delegations) ? delegations : {};
  return { delegations: { ...rest, roles: change(Array.isArray(roles) ? roles.filter(isJsonObject) : []) } };
}

beforeAll(async () => {
  healthy = await withKeys(STEADY);
});

describe('REQ-DOC-001, REQ-DOC-002: what ends', () => {
  it('there is nothing to say of a registry that is well', async () => {
    expect(await examine(healthy, NOW)).toEqual([]);
  });

  it.each([
    ['root', 365, days(60)],
    ['targets', 365, days(60)],
    ['CN-HA', 90, days(21)],
    ['CN-HA.keys', 14, days(7)],
    ['snapshot', 7, days(2)],
    ['timestamp', 1, 6 * 3600],
  ])('%s lives %i days and is warned of %i seconds ahead', async (place, life, ahead) => {
    const end = later(life);
    const found = async (seconds: number) => at(await examine(healthy, addSeconds(end, seconds)), place);
    expect(await found(-ahead - 1)).toEqual([]);
    const soon = { code: 'ends-soon', severity: 'warn', place, at: end };
    expect([await found(-ahead), await found(-1)]).toEqual([[soon], [soon]]);
    expect(await found(0)).toEqual([{ code: 'ended', severity: 'fail', place, at: end }]);
  });

  it('what has failed comes before what is warned of, and the earlier one first', async () => {
    const findings = await examine(healthy, later(75));
    const severities = findings.map(({ severity }) => severity);
    expect(severities).toEqual(severities.toSorted());
    const failed = findings.filter(({ severity }) => severity === 'fail').map((each) => each.at ?? 0);
    expect(failed).toEqual(failed.toSorted((a, b) => a - b));
    expect(short(findings)).toEqual(expect.arrayContaining(['warn CN-HA ends-soon', 'fail snapshot ended']));
  });

  it('REQ-TIM-005 a clock behind the newest signed time is told', async () => {
    expect(short(await examine(healthy, addSeconds(NOW, -1)))).toEqual(['fail timestamp clock']);
  });
});

describe('REQ-DOC-003: keys to spare', () => {
  it('a region whose admins must all sign has none', async () => {
    const registry = await withKeys(STEADY);
    const { admins, keys } = registry.regions['CN-HA'];
    const delegate = [{ region: 'CN-HA', admins: authority(admins, 3), keys: authority([keys]) }];
    await republish(registry, NOW, async (draft) => {
      const given = await updateRole(draft, { role: 'targets', delegate }, ADMINS, NOW);
      return updateRole(given, { role: 'CN-HA' }, admins, NOW);
    });
    expect(short(await examine(registry, NOW))).toEqual(['warn CN-HA keys-few']);
  });

  it('fewer keys than must sign is a failure, in whatever way it came about', async () => {
    const store = await forgeRole(healthy, 'targets', ADMINS, ({ raw }) =>
      withDelegations(raw, (roles) =>
        roles.map((role) => (role['name'] === 'CN-HA' ? { ...role, threshold: 4 } : role)),
      ),
    );
    expect(short(await examine({ pinnedRoot: healthy.pinnedRoot, store }, NOW))).toEqual([
      'fail CN-HA keys-few',
      'fail CN-HA region-malformed',
    ]);
  });
});

describe('REQ-DOC-003: a key id that is no key’s', () => {
  it('is no key to spare', async () => {
    const ghosts = ['0'.repeat(64), '1'.repeat(64)];
    const store = await forgeRole(healthy, 'targets', ADMINS, ({ raw }) =>
      withDelegations(raw, (roles) =>
        roles.map((role) =>
          role['name'] === 'CN-HA'
            ? {
                ...role,
                threshold: 3,
                keyids: [...(Array.isArray(role['keyids']) ? role['keyids'] : []), ...ghosts],
              }
            : role,
        ),
      ),
    );
    expect(at(await examine({ pinnedRoot: healthy.pinnedRoot, store }, NOW), 'CN-HA')).toContainEqual({
      code: 'keys-few',
      severity: 'warn',
      place: 'CN-HA',
    });
  });
});

describe('REQ-DOC-004: the next epoch', () => {
  const status = STEADY.filter(({ use }) => use === 'status');
  const credential = (from: number, to: number, revoked = false): KeyWindow => ({
    use: 'credential',
    from,
    to,
    revoked,
  });
  /** The sample's `referAfterHours`: 96. */
  const LEAD_DAYS = 4;

  it.each<[string, readonly KeyWindow[], number, string[], number?]>([
    ['one that signs and one in reserve', [credential(0, 21), credential(7, 28)], 0, []],
    ['no reserve', [credential(0, 21)], 0, ['warn successor-missing'], 21 - LEAD_DAYS],
    [
      'a week before the last moment',
      [credential(-7, 10), credential(-3, 11)],
      0,
      ['warn successor-missing'],
      7,
    ],
    ['an hour earlier than that', [credential(-7, 10), credential(-3, 11.05)], 0, []],
    ['after the last moment', [credential(-7, 3), credential(-3, 4)], 0, ['fail successor-missing'], 4],
    ['a gap between two keys', [credential(-7, 3), credential(5, 26)], 0, ['fail successor-missing'], 3],
    ['none that signs now', [credential(-7, 0)], 0, ['fail ended'], 0],
    ['none that signs yet, as the first one waits for its lead', [credential(4, 25)], 0, []],
    ['none that signs for weeks', [credential(12, 33)], 0, ['fail ended']],
    [
      'only the reserve, which is not due yet',
      [credential(0, 21, true), credential(4, 25)],
      0,
      ['fail ended'],
    ],
    ['a pause between two keys', [credential(-21, -1), credential(1, 22)], 0, ['fail ended']],
    [
      'a revoked one does not count',
      [credential(0, 21), credential(7, 28, true)],
      0,
      ['warn successor-missing'],
      17,
    ],
    ['only revoked ones', [credential(0, 21, true)], 0, ['fail ended']],
  ])('%s', async (_, windows, after, expected, seriousAt) => {
    const rounded = windows.map((each) => ({ ...each, to: Math.round(each.to * 24) / 24 }));
    const now = later(after);
    const findings = at(await examine(await withKeys([...rounded, ...status]), now), 'CN-HA.credential');
    expect(findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual(expected);
    expect(findings.map((each) => each.at)).toEqual(
      expected.map(() => (seriousAt === undefined ? undefined : later(seriousAt))),
    );
  });

  it('a region that stopped issuing needs no key', async () => {
    const revoked = [credential(0, 21, true), ...status];
    expect(
      at(await examine(await withKeys(revoked, { issuing: 'stopped' }), NOW), 'CN-HA.credential'),
    ).toEqual([]);
  });

  it('a venue key lives long, and is warned of 60 days ahead', async () => {
    const place = 'CN-HA.venue';
    const registry = await withKeys([...STEADY, { use: 'venue', from: 0, to: 60 }]);
    expect(at(await examine(registry, NOW), place)).toEqual([
      { code: 'ends-soon', severity: 'warn', place, at: later(60) },
    ]);
    expect(at(await examine(registry, addHours(NOW, -1)), place)).toEqual([]);
  });

  it('a key that lives long and was revoked is not warned of: it ends nothing', async () => {
    const registry = await withKeys([...STEADY, { use: 'venue', from: 0, to: 60, revoked: true }]);
    expect(at(await examine(registry, NOW), 'CN-HA.venue')).toEqual([]);
  });

  it('REQ-LOG-004 a key that was published for logs is read and not warned of: no log goes by it', async () => {
    const registry = await withKeys([...STEADY, { use: 'log', from: 0, to: 60 }]);
    expect(at(await examine(registry, NOW), 'CN-HA.log')).toEqual([]);
  });

  it('a region without rules issues nothing: it is told of the keys that it has, and of no others', async () => {
    const registry = await withKeys(status);
    const remove = ['regions/CN-HA/rules.health.json'];
    await republish(registry, NOW, (draft) =>
      updateRole(draft, { role: 'CN-HA', remove }, registry.regions['CN-HA'].admins, NOW),
    );
    expect(await examine(registry, NOW)).toEqual([]);
    expect(at(await examine(registry, later(30)), 'CN-HA.status')).toMatchObject([{ code: 'ended' }]);
    expect(at(await examine(registry, later(30)), 'CN-HA.credential')).toEqual([]);
  });
});

describe('regions', () => {
  /** What another tool could publish: the two roles of a region the wrong way round. */
  it('REQ-DOC-005 `<id>` before `<id>.keys` hides its keys', async () => {
    const store = await forgeRole(healthy, 'targets', ADMINS, ({ raw }) =>
      withDelegations(raw, (roles) => roles.toReversed()),
    );
    expect(short(await examine({ pinnedRoot: healthy.pinnedRoot, store }, NOW))).toEqual([
      'fail CN-BJ delegation-order',
      'fail CN-BJ region-malformed',
      'fail CN-HA delegation-order',
      'fail CN-HA region-malformed',
    ]);
  });

  it('REQ-DOC-005 a region hides those below it that are delegated after it', async () => {
    const below = { admins: (await regionSigners('CN-HA.x')).admins, keys: await signer('x keys') };
    const delegate = [delegationTo('CN-HA.zhengzhou', below)];
    const first = await withKeys(STEADY);
    await republish(first, NOW, (draft) => updateRole(draft, { role: 'targets', delegate }, ADMINS, NOW));
    expect(short(await examine(first, NOW))).toEqual([
      'fail CN-HA.zhengzhou delegation-order',
      'warn CN-HA.zhengzhou metadata-missing',
    ]);
  });

  it('a region that is delegated and has not published yet is awaited', async () => {
    const registry = await withKeys(STEADY);
    const added = delegationTo('CN-GD', await regionSigners('CN-GD'));
    await republish(registry, NOW, (draft) =>
      updateRole(draft, { role: 'targets', delegate: [added] }, ADMINS, NOW),
    );
    expect(short(await examine(registry, NOW))).toEqual(['warn CN-GD metadata-missing']);
  });

  it('REQ-REG-019 a region whose file is gone has failed, and no other has', async () => {
    const files = [...healthy.store.files].filter(([path]) => !/CN-HA\/[0-9a-f]+\.region\.json/.test(path));
    const store = memoryStore(new Map(files));
    expect(short(await examine({ pinnedRoot: healthy.pinnedRoot, store }, NOW))).toEqual([
      'fail CN-HA region-malformed',
    ]);
  });
});
