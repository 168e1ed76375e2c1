import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleRules } from '@symbolon/local/sample/rules';
import { SAMPLE_SCHEMES } from '@symbolon/local/sample/schemes';
import { addHours, addSeconds, formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { DecisionLeaf, Leaf } from '@symbolon/protocol/schemas/leaf';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { jsonFile } from '@symbolon/registry/json-file';
import { loadFromAnchor } from '@symbolon/registry/open-registry';
import { readFrom } from '@symbolon/registry/source';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRates, poissonTail, type RatedDecisions } from '../../packages/audit/src/checks/rates.ts';
import { isWorse } from '../../packages/audit/src/checks/worse.ts';
import { collectFindings } from '../../packages/audit/src/findings.ts';
import type { PastRegistry } from '../../packages/audit/src/registry/past.ts';
import { readPast } from '../../packages/audit/src/registry/read-past.ts';
import {
  type AuditWorld,
  auditWorld,
  CLEAR,
  dayAfter,
  decision,
  decisions,
  FOUNDED,
  POSITIVE,
  REGION,
} from '../support/audit-world.ts';
import { type Auditor, auditorOf, found } from '../support/auditor.ts';
import { keysFile, publishedKeys, publishUpdate, seededSigner } from '../support/federation-fixture.ts';

/** `symbolon audit`: what a log says, against what the registry had said at the time. */

const DAY3 = dayAfter(FOUNDED, 3);
let folder: string;
let world: AuditWorld;
let auditor: Auditor;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-audit-'));
  world = await auditWorld();
  auditor = auditorOf(folder, world);
});
afterEach(() => rm(folder, { recursive: true }));

/** Logs these leaves, and audits. */
async function auditOf(leaves: readonly Leaf[], now: Instant = DAY3): Promise<readonly string[]> {
  await world.logPublications(now);
  await world.decisions.add(leaves);
  await world.decisions.witness(now);
  return found(await auditor.audit(now));
}

const manual = (approvers: readonly string[]): Partial<DecisionLeaf> & typeof MANUAL => ({
  ...MANUAL,
  approvers: [...approvers],
});
const MANUAL = { ...POSITIVE, mode: 'manual' } as const;

/** What the registry has published, as an auditor reads it. */
async function pastOf({ fixture }: AuditWorld, limit?: number): Promise<PastRegistry> {
  const read = readFrom(fixture.files);
  const { pinnedRoot } = fixture;
  const { trust } = await loadFromAnchor({ read, pinnedRoot, now: DAY3, expiry: 'offline' });
  return readPast(read, trust, limit);
}

describe('what the registry had published', () => {
  it('is read back so far and no further, and is not whole then', async () => {
    const all = await pastOf(world);
    expect([all.publications.map(({ version }) => version), all.isWhole]).toEqual([[1, 2, 3], true]);
    const two = await pastOf(world, 2);
    expect([two.publications.map(({ version }) => version), two.isWhole]).toEqual([[2, 3], false]);
    expect((await pastOf(world, 3)).isWhole).toBe(true);
  });

  it.each([
    [
      'of its first publications',
      1,
      `2: version 1, ${REGION} cannot be read; version 2, ${REGION} cannot be read`,
    ],
    ['between others: nothing came anew after it', 2, `1: version 3, ${REGION} cannot be read`],
  ])(
    'REQ-REG-019 a lost file of one region is told of it, and all is audited: %s',
    async (_, version, told) => {
      const { fixture } = world;
      const day = dayAfter(FOUNDED, 2);
      await publishUpdate(fixture, day, (draft) =>
        updateRole(draft, { role: REGION }, fixture.regions[REGION].admins.slice(1), day),
      );
      await world.logPublications(DAY3);
      await world.decisions.add([decision(DAY3, 1)]);
      await world.decisions.witness(DAY3);
      const files = new Map(fixture.files);
      const [lost = ''] = [...files.keys()].filter((path) => path.endsWith(`${version}.${REGION}.json`));
      expect(files.delete(lost)).toBe(true);
      const report = await auditorOf(folder, { ...world, fixture: { ...fixture, files } }).audit(DAY3);
      const rest = found(report).filter((line) => !line.startsWith('publications unchecked'));
      expect(rest).toEqual([
        'signers unchecked undefined 1: the history cannot be read: metadata-missing',
        `leads unchecked undefined ${told}`,
      ]);
    },
  );
});

describe('decisions by what was published', () => {
  it('REQ-AUD-005 for the worse is also what a scheme says that came within the hour', async () => {
    const { travel } = SAMPLE_SCHEMES;
    const level = travel.levels.find(({ effect }) => effect === 'adverse')?.id ?? '';
    const good = travel.levels.find(({ effect }) => effect === 'favourable')?.id ?? '';
    const at = addSeconds(DAY3, 1800);
    await publishUpdate(world.fixture, at, (draft) =>
      updateRole(
        draft,
        { role: 'targets', put: new Map([['schemes/travel.json', jsonFile(travel)]]) },
        world.fixture.admins.slice(1),
        at,
      ),
    );
    // Of other offices.
    const of = { ...manual(world.people.overseers), scheme: 'travel', level };
    const leaves = [
      decision(DAY3, 1, of),
      decision(DAY3, 2, { ...of, level: good }),
      decision(addHours(DAY3, 1), 3, { ...of, level: good }),
    ];
    expect(await auditOf(leaves, addHours(DAY3, 2))).toContain(
      'approvers failed approvers-missing 1: leaf 0',
    );
    const past = await pastOf(world);
    const ends = (hours: number) =>
      isWorse(past, { scheme: 'travel', level: good, mode: 'ended', at: addHours(DAY3, hours), per: 'hour' });
    expect([ends(-1), ends(0), ends(1)]).toEqual([false, true, true]);
  });

  it.each([
    ['a rule that nobody published', { ...CLEAR, rule: 'deposits@1' }, 'rules failed rule-unknown 2: leaf 0'],
    [
      'a level that the rule does not give',
      { ...POSITIVE, level: 'amber' },
      'rules failed rule-level 2: leaf 0',
    ],
    [
      'an office that the rule does not list',
      { ...POSITIVE, authority: 'community' },
      'rules failed authority-unknown 2: leaf 0',
    ],
    ['a scheme that there is not', { ...CLEAR, scheme: 'wealth' }, 'rules failed scheme-unknown 2: leaf 0'],
    [
      'a level that the scheme does not have',
      { ...CLEAR, level: 'black' },
      'rules failed level-unknown 2: leaf 0',
    ],
    ['a region that there is not', { ...CLEAR, region: 'CN-XX' }, 'regions failed region-unknown 2: leaf 0'],
    ['a region that does not log here', { ...CLEAR, region: 'CN-BJ' }, 'regions failed log-origin 2: leaf 0'],
  ])('tells %s', async (_, of, expected) => {
    expect(await auditOf([decision(DAY3, 1, of), decision(DAY3, 2, of)])).toContain(expected);
  });

  it('REQ-RUL-002 tells a rule before its time and after its sunset, and one published later', async () => {
    const rules = sampleRules(REGION, 'health');
    const [first, ...others] = rules.rules;
    if (first === undefined) throw new TypeError('no rule');
    const day = dayAfter(FOUNDED, 2);
    const fresh = {
      ...first,
      version: 2,
      from: formatInstant(dayAfter(day, 2)),
      sunset: formatInstant(dayAfter(day, 4)),
    };
    const put = new Map([
      [`regions/${REGION}/rules.health.json`, jsonFile({ ...rules, rules: [fresh, first, ...others] })],
    ]);
    await publishUpdate(world.fixture, day, (draft) =>
      updateRole(draft, { role: REGION, put }, world.fixture.regions[REGION].admins.slice(1), day),
    );
    const of = { ...POSITIVE, rule: 'positive-test-7d@2' };
    const now = dayAfter(FOUNDED, 8);
    await world.logPublications(now);
    const times = [dayAfter(FOUNDED, 1), addHours(day, 5), dayAfter(FOUNDED, 5), dayAfter(FOUNDED, 7)];
    expect(
      await auditOf(
        times.map((at) => decision(at, 1, of)),
        now,
      ),
    ).toEqual(['rules failed rule-unknown 1: leaf 0', 'rules failed rule-not-in-force 2: leaf 1; leaf 3']);
  });

  it('REQ-RUL-001 tells a rule that was taken out, from an hour after', async () => {
    const rules = sampleRules(REGION, 'health');
    const left = rules.rules.filter(({ id }) => id !== 'positive-test-7d');
    const day = dayAfter(FOUNDED, 2);
    const put = new Map([[`regions/${REGION}/rules.health.json`, jsonFile({ ...rules, rules: left })]]);
    await publishUpdate(world.fixture, day, (draft) =>
      updateRole(draft, { role: REGION, put }, world.fixture.regions[REGION].admins.slice(1), day),
    );
    const times = [addHours(day, -1), day, addHours(day, 2)];
    expect(await auditOf(times.map((at) => decision(at, 1, POSITIVE)))).toEqual([
      'rules failed rule-unknown 1: leaf 2',
    ]);
    expect(await auditOf([decision(DAY3, 2, { ...POSITIVE, mode: 'ended' })])).toHaveLength(1);
  });

  it('REQ-AUD-005 asks for two people with different roles that the office has', async () => {
    const { proposer, approver } = world.people;
    const [stranger = ''] = world.people.overseers;
    const [, other = ''] = world.people.overseers;
    const good = [
      decision(DAY3, 1, manual([proposer, approver])),
      decision(DAY3, 2, manual([approver, proposer])),
    ];
    const favourable = decision(DAY3, 3, { ...CLEAR, mode: 'manual', approvers: [stranger, other] });
    expect(await auditOf([...good, favourable])).toEqual([]);
    const bad = [
      [proposer, stranger],
      [stranger, approver],
      [stranger, other],
    ];
    expect(await auditOf(bad.map((approvers, i) => decision(DAY3, `bad ${i}`, manual(approvers))))).toEqual([
      'approvers failed approvers-missing 3: leaf 3; leaf 4; leaf 5',
    ]);
  });

  it('leaves of keys and rules say what was published', async () => {
    const { credential } = world.fixture.regions[REGION];
    const [own] = publishedKeys(world.fixture.regions[REGION], FOUNDED);
    if (own === undefined) throw new TypeError('no key');
    const key = {
      v: 1,
      kind: 'key',
      region: REGION,
      use: 'credential',
      state: 'published',
      at: DAY3,
      notBefore: own.notBefore,
      notAfter: own.notAfter,
    } as const;
    const rule = {
      v: 1,
      kind: 'rule',
      region: REGION,
      scheme: 'health',
      rule: 'clear@1',
      from: FOUNDED,
      sunset: DAY3,
      at: DAY3,
      digest: 'ab'.repeat(32),
    } as const;
    const { kid } = await seededSigner('somebody');
    expect(await auditOf([{ ...key, kid: credential.kid }, { ...key, kid }, rule])).toEqual([
      'rules failed rule-mutated 1: leaf 2',
      'keys failed key-unknown 1: leaf 1',
    ]);
  });
});

describe('when leaves were made', () => {
  it('REQ-AUD-002 tells a leaf from the future, and one that was dated back', async () => {
    expect(await auditOf([decision(DAY3, 1), decision(addHours(DAY3, 2), 2)])).toEqual([
      'leaf-dates failed leaf-misdated 1: leaf 1',
    ]);
    const later = addHours(DAY3, 10);
    // In this order: the witnesses had seen the log without them ten hours ago.
    const leaves = [decision(later, 3), decision(DAY3, 4), decision(addHours(DAY3, -3), 5)];
    expect(await auditOf(leaves, later)).toEqual([
      'leaf-dates failed leaf-misdated 1: leaf 1',
      'leaf-dates warning leaf-misdated 1: leaf 4',
    ]);
  });

  it('REQ-AUD-002 a log that stood still is a warning for a day, and no longer', async () => {
    await auditOf([decision(DAY3, 1)]);
    const day = addHours(DAY3, 24);
    await auditOf([decision(day, 2)], day);
    const leaves = [decision(addHours(DAY3, -1), 3), decision(addHours(DAY3, -2), 4)];
    expect(await auditOf(leaves, day)).toEqual([
      'leaf-dates warning leaf-misdated 1: leaf 2',
      'leaf-dates failed leaf-misdated 1: leaf 3',
    ]);
  });
});

describe('bursts', () => {
  const RULE = 'positive-test-7d@1';
  const burst = {
    v: 1,
    kind: 'burst',
    region: REGION,
    scheme: 'health',
    cause: 'rule:positive-test-7d@1',
    heldAt: DAY3,
  } as const;

  it('REQ-AUD-001 tells more than the federation allows in an hour, by rule and by office', async () => {
    expect(await auditOf(decisions(50, DAY3, POSITIVE))).toEqual([]);
    expect(await auditOf([decision(DAY3, 'one more', POSITIVE)])).toEqual([
      'bursts failed burst-unheld 2: CN-HA health rule:positive-test-7d@1: 51 perHour from 2026-09-04T00:00Z; CN-HA health authority:cdc: 51 perHour from 2026-09-04T00:00Z',
    ]);
  });

  it('counts 60 minutes over the turn of an hour; never what is favourable', async () => {
    const next = addHours(DAY3, 1);
    expect(await auditOf(decisions(500, DAY3), next)).toEqual([]);
    expect(
      await auditOf([...decisions(30, DAY3, POSITIVE), ...decisions(30, next, POSITIVE)], next),
    ).toHaveLength(1);
  });

  it('counts the end of a favourable status', async () => {
    expect(await auditOf(decisions(51, DAY3, { ...CLEAR, mode: 'ended' }))).toHaveLength(1);
    expect(
      await auditOf(decisions(51, DAY3, { ...POSITIVE, mode: 'ended', rule: 'close-contact-14d@3' })),
    ).toHaveLength(1);
  });

  it('REQ-AUD-001 counts days and weeks, also of leaves that say only the day', async () => {
    const drip = Array.from({ length: 10 }, (_, i) => decisions(21, addHours(DAY3, 2 * i), POSITIVE)).flat();
    const now = dayAfter(DAY3, 9);
    const first = await auditOf(drip, now);
    expect(first.join()).toContain('210 perDay');
    await rm(folder, { recursive: true });
    world = await auditWorld();
    auditor = auditorOf(folder, world);
    const days = Array.from({ length: 7 }, (_, i) =>
      decisions(90, dayAfter(DAY3, i), { ...POSITIVE, per: 'day' }),
    ).flat();
    expect((await auditOf(days, now)).join()).toContain('630 perWeek');
  });

  it('REQ-AUD-007 tells a burst while it is held; what two overseers released is not counted', async () => {
    expect(await auditOf([{ ...burst, state: 'held', at: DAY3 }])).toEqual([
      'bursts warning burst-held 1: CN-HA health rule:positive-test-7d@1, 2026-09-04T00:00Z',
    ]);
    const at = addHours(DAY3, 2);
    const released: Leaf = {
      ...burst,
      state: 'released',
      at,
      by: [...world.people.overseers],
      rules: ['positive-test-7d@1'],
    };
    expect(
      await auditOf([released, ...decisions(300, addHours(DAY3, 2), POSITIVE)], addHours(DAY3, 3)),
    ).toEqual([]);
  });

  it('REQ-ISS-031 tells a release by others than those above the region', async () => {
    const { proposer, approver } = world.people;
    const by = [proposer, approver];
    const next = addHours(DAY3, 1);
    const lines = await auditOf(
      [
        { ...burst, state: 'held', at: DAY3 },
        { ...burst, state: 'released', at: DAY3, by, rules: [RULE] },
        ...decisions(51, next, POSITIVE),
      ],
      next,
    );
    // It releases nothing.
    expect(lines[0]).toBe('bursts failed release-refused 1: leaf 1');
    expect(lines[1]).toContain('bursts failed burst-unheld');
  });

  it('REQ-AUD-007 tells a release of what was not held', async () => {
    const by = [...world.people.overseers];
    expect(await auditOf([{ ...burst, state: 'released', at: DAY3, by, rules: [RULE] }])).toEqual([
      'bursts failed release-refused 1: leaf 0',
    ]);
  });

  it('a crowd that is merged into someone who is red calls for a closer look: the guard does not count merges, so it is no failure', async () => {
    const merged = decisions(60, DAY3, { ...POSITIVE, mode: 'merged' });
    const causes = [`rule:${RULE}`, 'authority:cdc'].map((cause) => `CN-HA health ${cause}`);
    const [byRule, byOffice] = causes.map((cause) => `${cause}: 110 perHour from 2026-09-04T00:00Z`);
    expect(await auditOf([...decisions(50, DAY3, POSITIVE), ...merged])).toEqual([
      `bursts warning burst-unheld 2: ${byRule}; ${byOffice}`,
    ]);
  });

  it('an honest release speaks for the leaves of its day, too', async () => {
    const by = [...world.people.overseers];
    const leaves: readonly Leaf[] = [
      { ...burst, state: 'held', at: DAY3 },
      { ...burst, state: 'released', at: addHours(DAY3, 10), by, rules: [RULE] },
      ...decisions(300, DAY3, { ...POSITIVE, per: 'day' }),
    ];
    expect(await auditOf(leaves, addHours(DAY3, 24))).toEqual([]);
  });

  it('REQ-AUD-001 leaves that say only the day hide no burst from who looks often', async () => {
    await auditOf([decision(DAY3, 1)]);
    const leaves = decisions(60, DAY3, { ...POSITIVE, per: 'day' });
    const later = addHours(DAY3, 1);
    expect(await auditOf(leaves, later)).toEqual([
      `bursts warning burst-unheld 2: CN-HA health rule:${RULE}: 60 perHour from 2026-09-04T01:00Z; CN-HA health authority:cdc: 60 perHour from 2026-09-04T01:00Z`,
    ]);
    expect(await auditorOf(join(folder, 'another'), world).audit(later)).toMatchObject({ verdict: 'ok' });
  });
});

describe('REQ-AUD-003: rates', () => {
  const daily = (count: number, days: number, from = 0) =>
    Array.from({ length: days }, (_, i) => decisions(count, dayAfter(DAY3, from + i), POSITIVE)).flat();
  const now = dayAfter(DAY3, 16);

  it('points at a day far above the days before, and at no other', async () => {
    const [line, ...others] = await auditOf([...daily(3, 14), ...daily(25, 1, 14)], now);
    expect(others).toEqual([]);
    expect(line).toBe(
      'rates warning rate-unusual 1: CN-HA health positive-test-7d@1 cdc: 25 on 2026-09-18, usually 3',
    );
  });

  it('says nothing of a usual rate, of a small number, and of the first week', async () => {
    expect(await auditOf([...daily(20, 6), ...daily(26, 9, 6)], now)).toEqual([]);
    await rm(folder, { recursive: true });
    world = await auditWorld();
    auditor = auditorOf(folder, world);
    expect(await auditOf([...daily(0, 5), ...daily(7, 1, 14), decision(DAY3, 1)], now)).toEqual([]);
  });

  it('the tail of a Poisson distribution is what tables say', () => {
    expect(poissonTail(0, 3)).toBe(1);
    expect(poissonTail(1, 1)).toBeCloseTo(1 - Math.exp(-1), 12);
    expect(poissonTail(5, 2)).toBeCloseTo(0.052653, 6);
    expect(poissonTail(25, 3)).toBeGreaterThan(1e-15);
    expect(poissonTail(25, 3)).toBeLessThan(1e-14);
    expect(poissonTail(900, 1000)).toBeGreaterThan(0.99);
    expect(poissonTail(2000, 1000)).toBeLessThan(1e-100);
  });

  it('far below a high rate the tail is 1, and such a day is not unusual', async () => {
    expect(poissonTail(8, 1000)).toBe(1);
    expect(poissonTail(100, 1100)).toBe(1);
    const cases: (readonly [count: number, rate: number])[] = [
      [1, 700],
      [2, 708],
      [40, 850],
    ];
    for (const [count, rate] of cases) expect(poissonTail(count, rate)).toBeCloseTo(1, 9);
    const usual = Array.from({ length: 10 }, (_, day) => many(1000, dayAfter(DAY3, day)));
    expect(checkedRates([...usual, many(8, dayAfter(DAY3, 10))])).toEqual([]);
    expect(checkedRates([...usual, many(1400, dayAfter(DAY3, 10))])).toEqual([1400]);
  });

  const many = (count: number, at: Instant): RatedDecisions => {
    const { region, scheme, rule, authority } = decision(at, 1, POSITIVE);
    return { region, scheme, rule, authority, at, count, isWorse: true };
  };
  const checkedRates = (decided: readonly RatedDecisions[]) =>
    checkRates(decided, collectFindings()).map(({ count }) => count);
});

describe('the registry', () => {
  it('REQ-AUD-004 tells a publication that is not logged, once the witnesses have seen the log without it', async () => {
    await world.logPublications(DAY3);
    await world.publish(DAY3, {});
    await world.decisions.witness(DAY3);
    expect(found(await auditor.audit(DAY3)).filter((line) => line.startsWith('publications'))).toEqual([
      'publications warning publication-unlogged 1: version 4',
    ]);
    await world.registry.witness(addHours(DAY3, 2));
    expect(
      found(await auditor.audit(addHours(DAY3, 2))).filter((line) => line.startsWith('publications')),
    ).toEqual(['publications failed publication-unlogged 1: version 4']);
  });

  it('REQ-AUD-004 tells a publication with another hash, and one that hides what it brought', async () => {
    await world.logPublications(DAY3);
    await world.publish(DAY3, { smallestClass: 10 });
    const wrong: Leaf = {
      v: 1,
      kind: 'publication',
      version: 4,
      sha256: 'cd'.repeat(32),
      root: 1,
      at: DAY3,
      first: false,
      part: 1,
      parts: 1,
      items: [],
    };
    await world.registry.add([wrong]);
    await world.registry.witness(DAY3);
    await world.decisions.add([decision(DAY3, 1)]);
    await world.decisions.witness(DAY3);
    expect(found(await auditor.audit(DAY3))).toContain(
      'publications failed publication-unlogged 1: leaf 1, version 4',
    );
  });

  it('REQ-AUD-004 tells items that say they were the first of their role, and were not', async () => {
    await world.logPublications(DAY3);
    const region = world.fixture.regions[REGION];
    const fresh = await seededSigner('a new region key');
    const admins = { keys: [...region.admins, fresh].map(({ publicJwk }) => publicJwk), threshold: 2 };
    const delegate = [{ region: REGION, admins, keys: { keys: [region.keys.publicJwk], threshold: 1 } }];
    await publishUpdate(world.fixture, DAY3, (draft) =>
      updateRole(draft, { role: 'targets', delegate }, world.fixture.admins.slice(1), DAY3),
    );
    await world.logPublications(DAY3, (items) =>
      items.map((item) => ('role' in item ? { ...item, first: true as const } : item)),
    );
    const lines = (await auditOf([decision(DAY3, 1)])).join();
    expect(lines).toMatch(
      /publication-unlogged 2: leaf 1: role CN-HA key \w+, the first; missing: role CN-HA key \w+$/,
    );
  });

  it('REQ-KEY-012, REQ-LOG-018 tells a key without its lead, and a role key that signs at once', async () => {
    const region = world.fixture.regions[REGION];
    const fresh = await seededSigner('a new issuing key');
    const notBefore = addHours(DAY3, 12);
    const keys = [
      ...publishedKeys(region, FOUNDED),
      { signer: fresh, use: 'credential' as const, notBefore, notAfter: dayAfter(DAY3, 20) },
    ];
    await publishUpdate(world.fixture, DAY3, (draft) =>
      updateRole(draft, { role: `${REGION}.keys`, put: keysFile(REGION, keys) }, [region.keys], DAY3),
    );
    const thief = await seededSigner('a new region key');
    const delegate = [
      {
        region: REGION,
        admins: { keys: [thief.publicJwk], threshold: 1 },
        keys: { keys: [region.keys.publicJwk], threshold: 1 },
      },
    ];
    const { admins } = world.fixture;
    await publishUpdate(world.fixture, DAY3, async (draft) =>
      updateRole(
        await updateRole(draft, { role: 'targets', delegate }, admins.slice(1), DAY3),
        { role: REGION },
        [thief],
        DAY3,
      ),
    );
    expect(await auditOf([decision(DAY3, 1)])).toEqual([
      `leads failed role-without-lead 1: version 5, ${REGION}`,
      `leads failed key-without-lead 1: ${REGION} credential key ${fresh.kid}`,
    ]);
  });

  it('REQ-KEY-012 a key with the same id but an earlier beginning is another one', async () => {
    const region = world.fixture.regions[REGION];
    const [key, ...others] = publishedKeys(region, FOUNDED);
    if (key === undefined) throw new TypeError('no key');
    const earlier = { ...key, notBefore: addHours(key.notBefore, -1) };
    await publishUpdate(world.fixture, DAY3, (draft) =>
      updateRole(
        draft,
        { role: `${REGION}.keys`, put: keysFile(REGION, [earlier, ...others]) },
        [region.keys],
        DAY3,
      ),
    );
    expect(await auditOf([decision(DAY3, 1)])).toEqual([
      `leads failed key-without-lead 1: ${REGION} ${key.use} key ${key.signer.kid}`,
    ]);
  });
});
