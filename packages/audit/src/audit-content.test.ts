import { addHours, type Instant } from '@symbolon/protocol/instant';
import type { DecisionLeaf, Leaf } from '@symbolon/protocol/schemas/leaf';
import { loadFromAnchor } from '@symbolon/registry/open-registry';
import { readFrom } from '@symbolon/registry/source';
import { beforeAll, describe, expect, it } from 'vitest';
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
} from '../../../test/support/audit-world.ts';
import { auditDecisions } from './audit-content.ts';
import { collectFindings } from './findings.ts';
import { newState } from './log/log-state.ts';
import { openTally } from './log/tally.ts';
import type { PastRegistry } from './registry/past.ts';
import { knownRules } from './registry/past-rules.ts';
import { readPast } from './registry/read-past.ts';

const ORIGIN = 'log.example/cn-ha';
const NOW = dayAfter(FOUNDED, 40);
/** Publications that are known in the second describe: from then on. */
const RENEWED = dayAfter(FOUNDED, 10);

let world: AuditWorld;
beforeAll(async () => {
  world = await auditWorld();
  await world.publish(RENEWED, {});
});

async function pastOf(limit?: number): Promise<PastRegistry> {
  const { files, pinnedRoot } = world.fixture;
  const read = readFrom(files);
  const { trust } = await loadFromAnchor({ read, pinnedRoot, now: NOW, expiry: 'offline' });
  return readPast(read, trust, limit);
}

/** `check verdict code count` of all that is found in a log with these leaves, and verdicts that are `ok`. */
function judged(past: PastRegistry, leaves: readonly Leaf[], most?: number): readonly string[] {
  const before = newState(ORIGIN);
  const tally = openTally(before, most);
  for (const [index, leaf] of leaves.entries()) if (leaf.kind === 'decision') tally.add(leaf, index);
  const others = leaves.flatMap((leaf, index) => (leaf.kind === 'decision' ? [] : [{ index, leaf }]));
  const log = {
    ...{ origin: ORIGIN, size: undefined, root: undefined, read: 0, witnessedAt: undefined },
    ...{ witnessedSize: undefined, cosigned: [], evidence: [], ran: [], isWhole: true },
    ...{ known: { ...before, ...tally.state(), others }, findings: collectFindings() },
  };
  const { checks } = auditDecisions(log, [REGION], past, knownRules(past), NOW);
  return checks.flatMap(({ check, verdict, findings }) =>
    verdict === 'ok'
      ? [`${check} ok`]
      : findings.map((each) => `${check} ${each.verdict} ${each.code} ${each.count}`),
  );
}

const ALL = ['regions', 'rules', 'approvers', 'keys', 'bursts', 'rates'];

describe('a log of more classes than are held', () => {
  it('is never ok in what is judged by decisions; what is held is judged all the same', async () => {
    const leaves = [decision(RENEWED, 1), decision(RENEWED, 2, { ...CLEAR, rule: 'nobodys@1' })];
    const past = await pastOf();
    const more = [...leaves, decision(addHours(RENEWED, 1), 3), decision(addHours(RENEWED, 2), 4)];
    const lines = judged(past, more, 2);
    for (const check of ALL) expect(lines).toContain(`${check} unchecked undefined 2`);
    expect(lines).toContain('rules failed rule-unknown 1');
    expect(judged(past, leaves, 2)).toEqual([
      ...['regions ok', 'rules failed rule-unknown 1', 'approvers ok', 'keys ok', 'bursts ok', 'rates ok'],
    ]);
  });

  it('REQ-AUD-001 a burst counts whatever comes after it, and however late its leaves come', async () => {
    const later = Array.from({ length: 20 }, (_, i) => decision(dayAfter(RENEWED, i), `later ${i}`));
    const burst = decisions(60, LOGGING, POSITIVE);
    const past = await pastOf();
    const lines = judged(past, [...burst.slice(0, 30), ...later, ...burst.slice(30)]);
    expect(lines).toContain('bursts failed burst-unheld 2');
  });
});

const BURST = { v: 1, kind: 'burst', region: REGION, scheme: 'health', cause: 'rule:clear@1' } as const;
/** An hour in which the region logs. */
const LOGGING = dayAfter(FOUNDED, 2);

describe('leaves from before all publications that are known', () => {
  const bad = (at: Instant): readonly Leaf[] => {
    const manual: Partial<DecisionLeaf> = { mode: 'manual' };
    return [
      decision(at, 'rule', { ...CLEAR, rule: 'nobodys@1' }),
      decision(at, 'region', { ...CLEAR, region: 'CN-XX' }),
      decision(at, 'by hand', { ...POSITIVE, ...manual }),
      ...decisions(60, at, POSITIVE),
    ];
  };
  const others = (at: Instant): readonly Leaf[] => [
    {
      ...{ v: 1, kind: 'key', region: REGION, use: 'credential', state: 'published', kid: 'a'.repeat(43) },
      ...{ at, notBefore: at, notAfter: addHours(at, 1) },
    },
    {
      ...{ v: 1, kind: 'rule', region: REGION, scheme: 'health', rule: 'nobodys@1' },
      ...{ from: at, sunset: addHours(at, 1), at, digest: 'ab'.repeat(32) },
    },
    { ...BURST, heldAt: at, state: 'held', at },
    { ...BURST, heldAt: at, state: 'released', at, by: ['a'.repeat(43), 'b'.repeat(43)], rules: ['clear@1'] },
  ];

  it('are unchecked, and held against nobody', async () => {
    const past = await pastOf(1);
    expect(past.isWhole).toBe(false);
    const leaves = [...bad(addHours(RENEWED, -2)), ...others(addHours(RENEWED, -2))];
    expect(judged(past, leaves)).toEqual([
      ...['regions unchecked undefined 63', 'rules unchecked undefined 64'],
      ...['approvers unchecked undefined 63', 'keys unchecked undefined 64'],
      ...['bursts unchecked undefined 64', 'rates unchecked undefined 63'],
    ]);
  });

  it('are failed where all publications are known, and so are those from after', async () => {
    for (const [limit, at] of [
      [undefined, addHours(RENEWED, -2)],
      [1, addHours(RENEWED, 1)],
    ] as const) {
      const lines = judged(await pastOf(limit), [...bad(at), ...others(at)]);
      expect(lines).toEqual([
        ...['regions failed region-unknown 1', 'rules failed rule-unknown 3'],
        ...['approvers failed approvers-missing 1', 'keys failed key-unknown 1'],
        ...['bursts failed release-refused 1', 'bursts failed burst-unheld 2', 'rates ok'],
      ]);
    }
  });

  it('and ends of what was decided by a rule from then', async () => {
    const end = decision(dayAfter(RENEWED, 1), 1, { ...CLEAR, rule: 'old@1', mode: 'ended' });
    expect(judged(await pastOf(1), [end])).toContain('rules unchecked undefined 1');
    expect(judged(await pastOf(), [end])).toContain('rules failed rule-unknown 1');
  });
});
