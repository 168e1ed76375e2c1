import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import { sealFact } from '../facts/sealed-content.ts';
import type { Publication } from '../publication.ts';
import { publishedKey } from '../testing/sample-people.ts';
import { NOW } from '../testing/sample-publication.ts';
import { continueReleases } from './continue-releases.ts';
import { evaluate } from './evaluate.ts';
import { lapseBursts } from './lapse.ts';
import { propose } from './propose.ts';
import { releaseBurst } from './release.ts';
import { settleProposal } from './settle-proposal.ts';
import { crashTable } from './testing/failing-ports.ts';
import {
  type SampleDesk,
  sampleDesk,
  signApproval,
  signProposal,
  signRelease,
} from './testing/sample-desk.ts';

let desk: SampleDesk;
let publication: Publication;
const HOUR = Math.floor(NOW / 3600);
const BURST = `health/rule:positive@1/${HOUR}`;
const ALL = { subjectsAtMost: 1000 };
const HELD = Array.from({ length: 60 }, (_, i) => `held-${String(i).padStart(2, '0')}`);

/** One person is red, and 60 are held. */
async function outbreak(people: readonly string[] = HELD): Promise<void> {
  desk = await sampleDesk();
  publication = desk.bounded({ perHour: 1, perDay: 1, perWeek: 1 });
  for (const each of ['first', ...people]) {
    await desk.person(each);
    await desk.tested(each, 'negative', addHours(NOW, -5));
    await desk.evaluate(each, addHours(NOW, -5), publication);
    await desk.tested(each, 'positive', NOW);
    await desk.evaluate(each, NOW, publication);
  }
}
const release = async (
  [first, second]: readonly [Signer, Signer] = desk.overseers,
  { burst = BURST, rules = ['positive@1'], now = NOW, of = publication } = {},
) => {
  const tokens = [
    await signRelease(first, burst, rules, now),
    await signRelease(second, burst, rules, now),
  ] as const;
  return releaseBurst(desk.stores, of, tokens, now);
};
const refused = (run: Promise<unknown>, code: string) => expect(run).rejects.toMatchObject({ code });
const levels = (people: readonly string[]) =>
  Promise.all(people.map(async (each) => (await desk.stores.decisions.newest(each, 'health'))?.level));
const reds = async () => (await levels(HELD)).filter((level) => level === 'red').length;

beforeEach(async () => {
  await outbreak(HELD.slice(0, 3));
});

describe('two overseers release what the guard holds', () => {
  it('REQ-ISS-031 it takes effect for everyone who is held, and the rule version is never guarded again', async () => {
    expect(await levels(HELD.slice(0, 3))).toEqual(['green', 'green', 'green']);
    const burst = await release();
    const by = desk.overseers.map(({ kid }) => kid).toSorted();
    expect(burst).toMatchObject({
      state: 'released',
      settledAt: NOW,
      releasedBy: by,
      releasedRules: ['positive@1'],
    });
    expect(await continueReleases(desk.stores, publication, ALL, NOW)).toBe(3);
    expect(await levels(HELD.slice(0, 3))).toEqual(['red', 'red', 'red']);
    expect(await continueReleases(desk.stores, publication, ALL, NOW)).toBe(0);
    await desk.person('later');
    await desk.tested('later', 'positive', NOW);
    expect(await desk.evaluate('later', addHours(NOW, 1), publication)).toMatchObject({
      decision: { level: 'red' },
    });
  });

  it('a new version of the rule is another rule', async () => {
    await release();
    const next = desk.ruled((rules) =>
      rules.map((rule) => (rule.id === 'positive' ? { ...rule, version: 2 } : rule)),
    );
    await desk.person('later');
    await desk.tested('later', 'positive', NOW);
    await desk.person('last');
    await desk.tested('last', 'positive', NOW);
    const bounded = { ...next, federation: publication.federation };
    // The first one of this version meets the bound of its authority.
    await refused(desk.evaluate('later', NOW, bounded), 'no-decision');
    expect(await desk.stores.bursts.open()).toMatchObject([{ cause: 'authority:cdc' }]);
  });

  it('goes on where it broke off, by so many at a time', async () => {
    await outbreak();
    await release();
    let visited = 0;
    for (const expected of [7, 14, 21, 28]) {
      visited += await continueReleases(desk.stores, publication, { subjectsAtMost: 7 }, NOW);
      expect(visited).toBe(expected);
      expect(await reds()).toBe(expected);
    }
    await continueReleases(desk.stores, publication, ALL, NOW);
    expect(await reds()).toBe(60);
  });

  it('someone whose fact does not open, or a scheme without rules, keeps nobody from a release', async () => {
    await release();
    const [first = '', ...others] = HELD.slice(0, 3);
    const [fact] = await desk.stores.facts.list(first, 'health', NOW);
    if (fact === undefined) throw new Error('everyone has a test');
    await desk.stores.facts.add(first, { ...fact, id: 'broken', sealed: 'AAAA' });
    await refused(continueReleases(desk.stores, publication, ALL, NOW), 'storage-failed');
    expect(await levels(others)).toEqual(['red', 'red']);
    expect(await continueReleases(desk.stores, publication, ALL, NOW)).toBe(0);

    await outbreak(HELD.slice(0, 3));
    await release();
    expect(await continueReleases(desk.stores, { ...publication, ruleSets: {} }, ALL, NOW)).toBe(3);
    expect(await continueReleases(desk.stores, publication, ALL, NOW)).toBe(0);
    expect(await desk.stores.bursts.isReleased('health', 'positive@1')).toBe(true);
  });

  it('rules that cannot run leave a release for the next run', async () => {
    await release();
    const broken = desk.ruled((rules) => rules.map((rule) => ({ ...rule, authorities: ['gone'] })));
    await refused(continueReleases(desk.stores, broken, ALL, NOW), 'rule-set-malformed');
    expect(await continueReleases(desk.stores, publication, ALL, NOW)).toBe(3);
    expect(await levels(HELD.slice(0, 3))).toEqual(['red', 'red', 'red']);
  });

  it('who is held while it is being released is not forgotten', async () => {
    await desk.person('late');
    await desk.tested('late', 'positive', NOW);
    const { hold } = desk.stores.bursts;
    const interrupted: typeof hold = async (...note) => {
      await release();
      await continueReleases(desk.stores, publication, ALL, NOW);
      await hold(...note);
    };
    const stores = { ...desk.stores, bursts: { ...desk.stores.bursts, hold: interrupted } };
    expect(await evaluate(stores, publication, desk.scheme, 'late', NOW)).toMatchObject({
      decision: { level: 'red' },
    });
  });

  it('of an authority: the rules that were named pass, others are held by a new burst', async () => {
    desk = await sampleDesk();
    publication = desk.bounded({ perHour: 1, perDay: 1, perWeek: 1 });
    publication = {
      ...desk.ruled((rules) =>
        rules.map((rule) => (rule.id === 'risk-area' ? { ...rule, when: 'size(stay) > 0' } : rule)),
      ),
      federation: publication.federation,
    };
    const stay = (subject: string) => stayed(desk, subject);
    for (const each of ['anna', 'bea', 'cem']) await desk.person(each);
    await desk.tested('anna', 'positive', NOW);
    await desk.evaluate('anna', NOW, publication);
    await stay('bea');
    await refused(desk.evaluate('bea', NOW, publication), 'no-decision');
    const [burst] = await desk.stores.bursts.open();
    expect(burst).toMatchObject({ cause: 'authority:cdc' });
    await release(desk.overseers, { burst: burst?.id ?? '' });
    // Of the rule that was named.
    await desk.tested('cem', 'positive', NOW);
    expect(await desk.evaluate('cem', NOW, publication)).toMatchObject({ decision: { level: 'red' } });
    await continueReleases(desk.stores, publication, ALL, NOW);
    expect(await levels(['bea'])).toEqual([undefined]);
    const open = await desk.stores.bursts.open();
    expect(open).toHaveLength(1);
    expect(open[0]?.id).not.toBe(burst?.id);
  });
});

/** A fact of the type `stay`. */
async function stayed({ stores, scheme }: SampleDesk, subject: string): Promise<void> {
  const fact = { type: 'stay', at: NOW, fields: { risk: 'high' } };
  const sealed = await sealFact(stores.sealer, subject, scheme.id, fact);
  const record = {
    id: 's1',
    source: 'tracing',
    scheme: scheme.id,
    receivedAt: NOW,
    expiresAt: addHours(NOW, 240),
    sealed,
  };
  await stores.facts.add(subject, record);
}

describe('what does not release', () => {
  const stays = async () => {
    expect(await desk.stores.bursts.find(BURST)).toMatchObject({ state: 'held' });
    expect(await desk.stores.bursts.isReleased('health', 'positive@1')).toBe(false);
    expect(await continueReleases(desk.stores, publication, ALL, NOW)).toBe(0);
  };

  it('REQ-ISS-030 REQ-ISS-031 one key twice', async () => {
    const [first] = desk.overseers;
    await refused(release([first, first]), 'same-operator');
    await stays();
  });

  it('REQ-ISS-031 a key of the region, even where the federation lists it', async () => {
    const { chief } = desk.operators;
    const [first] = desk.overseers;
    await refused(release([first, chief.signer]), 'release-refused');
    const overseers = [...desk.overseers, chief.signer, desk.sources.lab.signer, desk.signers[1]].map(
      publishedKey,
    );
    const listed = { ...publication, federation: { ...publication.federation, overseers } };
    for (const signer of [chief.signer, desk.sources.lab.signer, desk.signers[1]])
      await refused(release([first, signer], { of: listed }), 'release-refused');
    await stays();
  });

  it('REQ-ISS-031 a key that nobody lists, and one of an overseer under another name', async () => {
    const stranger = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'stranger'));
    const [first, second] = desk.overseers;
    await refused(release([first, stranger]), 'release-refused');
    const forged = { ...stranger, kid: second.kid };
    await refused(release([first, forged]), 'statement-invalid');
    await stays();
  });

  it('REQ-ISS-031 whoever decided what is held, also when the region lists the key no more', async () => {
    const { clerk, approver } = desk.operators;
    await desk.person('hand');
    const proposal = await propose(
      desk.stores,
      publication,
      await signProposal(clerk, 'hand', { rule: 'positive@1' }),
      clerk.ref,
      NOW,
    );
    const approval = await signApproval(approver, proposal.id);
    const settled = await settleProposal(desk.stores, publication, approval, approver.ref, NOW);
    expect(settled).toMatchObject({ proposal: { state: 'approved' }, held: { id: BURST } });
    const [first] = desk.overseers;
    const { cdc, ...others } = publication.region.authorities;
    const region = {
      ...publication.region,
      authorities: { ...others, cdc: { names: cdc?.names ?? { en: '', zh: '' }, operators: [] } },
    };
    for (const { signer } of [clerk, approver]) {
      const overseers = [publishedKey(first), publishedKey(signer)];
      const of = { ...publication, region, federation: { ...publication.federation, overseers } };
      await refused(release([first, signer], { of }), 'release-refused');
    }
    await stays();
  });

  it('REQ-ISS-031 two who do not say the same, or name what the burst does not hold', async () => {
    const [first, second] = desk.overseers;
    const tokens = [
      await signRelease(first, BURST, ['positive@1']),
      await signRelease(second, BURST, ['positive@1', 'risk-area@1']),
    ] as const;
    await refused(releaseBurst(desk.stores, publication, tokens, NOW), 'release-refused');
    await refused(release(desk.overseers, { rules: ['risk-area@1'] }), 'release-refused');
    await stays();
  });

  it('REQ-ISS-038 no such burst, or one that is settled or whose time is over', async () => {
    await refused(release(desk.overseers, { burst: 'health/rule:positive@1/1' }), 'burst-unknown');
    const later = addHours(NOW, 24);
    await refused(release(desk.overseers, { now: later }), 'burst-unknown');
    await lapseBursts(desk.stores, later);
    await refused(release(desk.overseers, { now: NOW }), 'burst-unknown');
    expect(await desk.stores.bursts.isReleased('health', 'positive@1')).toBe(false);
  });

  it('REQ-ISS-028 a statement that is too old', async () => {
    const [first, second] = desk.overseers;
    const old: Instant = addHours(NOW, -25);
    const tokens = [
      await signRelease(first, BURST, undefined, old),
      await signRelease(second, BURST),
    ] as const;
    await refused(releaseBurst(desk.stores, publication, tokens, NOW), 'statement-invalid');
    await stays();
  });
});

describe('a region within another one', () => {
  it("REQ-ISS-031 is overseen by the parent's operators with the role release, not by the federation", async () => {
    const seeds = ['parent 1', 'parent 2', 'parent 3'] as const;
    const [one, two, three] = await Promise.all(
      seeds.map((seed) => createLocalSigner(insecurePrivateKeyFromSeed('ES256', seed))),
    );
    if (one === undefined || two === undefined || three === undefined) throw new Error('three keys');
    const operators = [
      { ...publishedKey(one), roles: ['release'] },
      { ...publishedKey(two), roles: ['approve', 'release'] },
      { ...publishedKey(three), roles: ['approve'] },
    ];
    const parent = {
      ...publication.region,
      region: 'CN-HB',
      authorities: { cdc: { names: { en: 'cdc', zh: 'cdc' }, operators } },
    };
    const nested = { ...publication, parent };
    await refused(release(desk.overseers, { of: nested }), 'release-refused');
    await refused(release([one, three], { of: nested }), 'release-refused');
    expect(await release([one, two], { of: nested })).toMatchObject({ state: 'released' });
  });
});

describe('crash table of a release', () => {
  it('REQ-ISS-031 whatever call fails, before or after it took effect, everyone who was held is evaluated', async () => {
    const setUp = async () => {
      await outbreak(['anna', 'bea']);
      const { clerk, approver } = desk.operators;
      await desk.person('hand');
      const token = await signProposal(clerk, 'hand', { rule: 'positive@1' });
      const { id } = await propose(desk.stores, publication, token, clerk.ref, NOW);
      await settleProposal(desk.stores, publication, await signApproval(approver, id), approver.ref, NOW);
      return desk.stores;
    };
    const { expected, outcomes } = await crashTable(setUp, async (stores, attempt) => {
      const [first, second] = desk.overseers;
      const tokens = [await signRelease(first, BURST), await signRelease(second, BURST)] as const;
      await attempt((ports) => releaseBurst(ports, publication, tokens, NOW));
      await attempt((ports) => continueReleases(ports, publication, ALL, NOW));
      const hand = await stores.decisions.newest('hand', 'health');
      return {
        levels: await levels(['first', 'anna', 'bea']),
        hand: { level: hand?.level, mode: hand?.mode },
        decisions: stores.decisions.everything.length,
        burst: (await stores.bursts.find(BURST))?.state,
        released: await stores.bursts.isReleased('health', 'positive@1'),
        left: await continueReleases(stores, publication, ALL, NOW),
      };
    });
    expect(expected).toEqual({
      levels: ['red', 'red', 'red'],
      hand: { level: 'red', mode: 'manual' },
      decisions: 7,
      burst: 'released',
      released: true,
      left: 0,
    });
    expect(outcomes.length).toBeGreaterThan(50);
    for (const outcome of outcomes) expect(outcome).toEqual(expected);
  });

  it('REQ-ISS-031 a release that nobody sends again is finished by the next run', async () => {
    const real = desk.stores;
    const broken = {
      ...real,
      bursts: {
        ...real.bursts,
        releaseRule: async () => {
          throw new Error('storage is gone');
        },
      },
    };
    const [first, second] = desk.overseers;
    const tokens = [await signRelease(first, BURST), await signRelease(second, BURST)] as const;
    await expect(releaseBurst(broken, publication, tokens, NOW)).rejects.toThrow('storage is gone');
    expect(await continueReleases(real, publication, ALL, NOW)).toBe(3);
    expect(await real.bursts.isReleased('health', 'positive@1')).toBe(true);
    expect(await levels(HELD.slice(0, 3))).toEqual(['red', 'red', 'red']);
  });
});
