import { encodeLeaf } from '@symbolon/log/leaf';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import type { DecisionLeaf } from '@symbolon/protocol/schemas/leaf';
import { loadFromAnchor } from '@symbolon/registry/open-registry';
import { readFrom } from '@symbolon/registry/source';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AuditWorld,
  auditWorld,
  CLEAR,
  dayAfter,
  decision,
  FOUNDED,
  POSITIVE,
  REGION,
} from '../../../test/support/audit-world.ts';
import { auditDecisions } from './audit-content.ts';
import { judgeDecisions } from './checks/judge-decisions.ts';
import { collectFindings } from './findings.ts';
import { reportPage } from './html/page.ts';
import { BOOK_BOUNDS, type BookBounds, openBook } from './log/leaf-book.ts';
import { type LogState, newState } from './log/log-state.ts';
import type { Sighting } from './log/sightings.ts';
import { formatState, parseState } from './log/stored-state.ts';
import type { PastRegistry } from './registry/past.ts';
import { type KnownRule, knownRules } from './registry/past-rules.ts';
import { readPast } from './registry/read-past.ts';
import type { AuditReport, LogReport } from './report/report.ts';

/** What an audit says of a log that is larger than what it holds: the same as of one that it holds whole. */

const ORIGIN = 'log.example/cn-ha';
const DAYS = 420;
const BEGAN = dayAfter(FOUNDED, 1);
const END = dayAfter(BEGAN, DAYS);
const SMALL: BookBounds = { ...BOOK_BOUNDS, classes: 1500, days: 700, weeks: 2000 };
/** As many as there ever are within the days that cannot be folded. */
const TIGHT: BookBounds = { ...BOOK_BOUNDS, classes: 650, days: 200, weeks: 150 };

let world: AuditWorld;
let past: PastRegistry;
let rules: ReadonlyMap<string, KnownRule>;
let log: TestLog;
let whole: LogReport;

beforeAll(async () => {
  world = await auditWorld();
  const { files, pinnedRoot } = world.fixture;
  const read = readFrom(files);
  const { trust } = await loadFromAnchor({ read, pinnedRoot, now: BEGAN, expiry: 'offline' });
  past = await readPast(read, trust);
  rules = knownRules(past);
  log = longLog();
  whole = report(kept(log, BOOK_BOUNDS));
});

describe('a log of more classes than are held', () => {
  it('is judged as if all of them were held: each decision, each window, each day', () => {
    for (const bounds of [SMALL, TIGHT]) {
      const state = kept(log, bounds);
      expect(state.classes.length).toBeLessThanOrEqual(bounds.classes);
      expect(state.fold.rows.length).toBeLessThanOrEqual(bounds.days + bounds.weeks);
      expect([state.uncounted, state.fold.late, state.fold.unrated]).toEqual([0, 0, 0]);
      const folded = report(state);
      expect(judged(folded).filter(isSure)).toEqual(judged(whole).filter(isSure));
      expect(folded.unusual).toEqual(whole.unusual);
    }
    // The log has something for each of them to find.
    const codes = judged(whole).map(({ code }) => code);
    for (const code of ['rule-unknown', 'approvers-missing', 'burst-unheld', 'rate-unusual'])
      expect(codes).toContain(code);
    expect(whole.unusual.length).toBeGreaterThan(1);
    expect(whole.decisions.length).toBeGreaterThan(4 * SMALL.classes);
  });

  it('is judged so too by the hours in which leaves came that say the day', () => {
    const leaves = log.arrivals.filter(({ leaf }) => leaf.level === CLEAR.level);
    for (const day of [100, 300]) {
      leaves.push({ at: dayAfter(BEGAN, day, 4), leaf: decision(dayAfter(BEGAN, day, 4), 'before') });
      for (let i = 0; i < 60; i++) {
        const leaf = decision(dayAfter(BEGAN, day), `in an hour ${i}`, { ...POSITIVE, per: 'day' });
        leaves.push({ at: dayAfter(BEGAN, day, 5), leaf });
      }
    }
    const drip = logOf(leaves);
    const [a, b] = [report(kept(drip, SMALL)), report(kept(drip, BOOK_BOUNDS))];
    expect(judged(a)).toEqual(judged(b));
    // By rule and by office, on two days.
    const warning = { check: 'bursts', verdict: 'warning', code: 'burst-unheld', count: 4 };
    expect(judged(a)).toContainEqual(warning);
  });

  it('goes on where it was: what is folded is in the state', () => {
    const state = kept(log, SMALL);
    expect(state.fold.daysFrom).toBeDefined();
    const half = Math.floor(log.entries.length / 2);
    const before = kept(log, SMALL, { to: half });
    expect(before.fold.since).toBeDefined();
    expect(parseState(formatState(before), ORIGIN)).toEqual(before);
    expect(kept(log, SMALL, { from: half, before: parseState(formatState(before), ORIGIN) })).toEqual(state);
    const [cut = ''] = formatState(before).split(/(?<=\n)(?=[^\n]*\n$)/);
    expect(() => parseState(cut, ORIGIN)).toThrow(expect.objectContaining({ code: 'audit-state-malformed' }));
  });

  it('is counted in full by level, and charts draw each of its weeks as it was', () => {
    const folded = report(kept(log, SMALL));
    expect(folded.uncharted).toBe(0);
    const [a, b] = [pageOf(folded), pageOf(whole)];
    expect(chartsOf(a).length).toBeGreaterThan(3);
    expect(a).toContain('a bar for each week');
    expect(chartsOf(a)).toEqual(chartsOf(b));
  });

  it('leaves that come when their days are put together are told, and counted in no window', () => {
    const late = Array.from({ length: 60 }, (_, i) => ({
      at: END,
      leaf: decision(BEGAN, `late ${i}`, POSITIVE),
    }));
    const state = kept(logOf([...log.arrivals, ...late]), SMALL);
    expect(state.fold.late).toBe(60);
    const { checks } = report(state);
    for (const name of ['bursts', 'rates'])
      expect(checks.find(({ check }) => check === name)?.findings).toContainEqual(
        expect.objectContaining({ verdict: 'unchecked', count: 60, places: ['leaves that came late'] }),
      );
  });

  it('rows for which there is no room are judged, and told to be in no chart', () => {
    const few = { ...SMALL, days: 700, weeks: 10 };
    const state = kept(log, few);
    expect(state.fold.rows.filter(({ per }) => per === 'week')).toHaveLength(10);
    const cut = report(state);
    const counted = cut.decisions.reduce((sum, { count }) => sum + count, 0);
    expect(cut.uncharted).toBeGreaterThan(0);
    expect(counted + cut.uncharted).toBe(log.entries.length);
    expect(judged(cut).filter(isSure)).toEqual(judged(whole).filter(isSure));
    expect(pageOf(cut)).toContain(`${cut.uncharted.toLocaleString('en')} older decisions are in no chart`);
    const noDays = report(kept(log, { ...few, days: 10 }));
    expect(noDays.checks.find(({ check }) => check === 'rates')?.findings).toContainEqual(
      expect.objectContaining({ verdict: 'unchecked' }),
    );
  });

  it('is not folded by a registry of which a publication cannot be read, nor beyond what was signed', () => {
    const broken = { ...past, unreadable: [2] };
    expect(judgeDecisions(ORIGIN, broken, rules, END)).toBeUndefined();
    const state = kept(log, SMALL, { to: 8000, signedAt: BEGAN });
    expect(state.fold.since).toBeUndefined();
    expect(state.classes).toHaveLength(SMALL.classes);
    expect(state.uncounted).toBeGreaterThan(0);
    const { checks } = report(state);
    expect(checks.find(({ check }) => check === 'rules')?.verdict).not.toBe('ok');
  });
});

interface TestLog {
  readonly arrivals: readonly { readonly at: Instant; readonly leaf: DecisionLeaf }[];
  readonly entries: readonly Bytes[];
  /** What witnesses saw each hour. */
  readonly sightings: readonly Sighting[];
}

function logOf(unsorted: TestLog['arrivals']): TestLog {
  const arrivals = unsorted.toSorted((a, b) => a.at - b.at);
  const sightings: Sighting[] = [];
  for (const [i, { at }] of arrivals.entries()) {
    const next = arrivals[i + 1]?.at;
    const last = addSeconds(at, HOUR_SECONDS - 1);
    if (next !== at) sightings.push({ size: i + 1, since: last, last });
  }
  return { arrivals, sightings, entries: arrivals.map(({ leaf }) => encodeLeaf(leaf)) };
}

/** Over a year by the hour: some come hours late, some say the day only, some are not as they must be. */
function longLog(): TestLog {
  const random = seeded(20_260_901);
  const leaves: { at: Instant; leaf: DecisionLeaf }[] = [];
  const { proposer, approver, overseers } = world.people;
  const put = (hour: Instant, of: Parameters<typeof decision>[2], isDay = false) => {
    const name = leaves.length;
    const day = isDay ? { per: 'day' as const, at: addSeconds(hour, -(hour % 86_400)) } : {};
    const leaf = { ...decision(hour, name, of), ...day };
    leaves.push({ at: addSeconds(hour, Math.floor(random() * 8) * HOUR_SECONDS), leaf });
  };
  for (let hour = 0; hour < DAYS * 24; hour++) {
    const at = addHours(BEGAN, hour);
    put(at, CLEAR, random() < 0.2);
    if (random() < 0.3) put(at, POSITIVE, random() < 0.3);
    if (random() < 0.02) put(at, { ...POSITIVE, mode: 'manual', approvers: [proposer, approver] });
    if (random() < 0.01)
      put(at, { ...POSITIVE, mode: 'manual', approvers: [approver, overseers[0] ?? proposer] });
    if (random() < 0.01) put(at, { ...CLEAR, rule: `deposits-${Math.floor(random() * 3)}@1` });
    // More than 50 within the hour, the day, and some days.
    if (hour % 1900 === 1000) for (let i = 0; i < 120; i++) put(at, POSITIVE);
    if (hour % 1700 < 165) for (let i = 0; i < 4; i++) put(at, POSITIVE, i === 3);
  }
  return logOf(leaves);
}

/** Numbers from 0 to 1, the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Part {
  readonly from?: number;
  readonly to?: number;
  readonly before?: LogState;
  readonly signedAt?: Instant;
}

/** What is known when this part of it was read. */
function kept(
  { entries, sightings }: TestLog,
  bounds: BookBounds,
  { from = 0, to = entries.length, before = newState(ORIGIN), signedAt = END }: Part = {},
): LogState {
  const judgeOf = judgeDecisions(ORIGIN, past, rules, signedAt);
  const book = openBook(before, { sightings, readAt: addHours(END, 48) }, judgeOf, bounds);
  for (const [i, entry] of entries.slice(from, to).entries()) book.take(entry, from + i);
  return { ...before, ...book.state() };
}

function report(known: LogState): LogReport {
  const findings = collectFindings(known.findings);
  const log = {
    ...{ origin: ORIGIN, size: undefined, root: undefined, read: 0, witnessedAt: undefined },
    ...{ witnessedSize: undefined, cosigned: [], evidence: [], known, findings, ran: [], isWhole: true },
  };
  return auditDecisions(log, [REGION], past, rules, addHours(END, 48));
}

function pageOf(log: LogReport): string {
  const whole: AuditReport = {
    ...{ at: END, verdict: 'ok', federation: { en: 'A', zh: 'B' }, witnesses: undefined },
    registry: { version: 1, signedAt: END, checks: [], publications: [] },
    logs: [log],
  };
  return reportPage(whole);
}

function chartsOf(page: string): readonly string[] {
  return page.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
}

/** What was found, and how often; the places are the first few in the order in which it was looked at. */
function judged({ checks }: LogReport) {
  return checks
    .flatMap(({ findings }) =>
      findings.map(({ check, verdict, code, count }) => ({ check, verdict, code, count })),
    )
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** A warning of a burst is not told beside a failure of the same cause: which of two audits knows of that one yet is not the same. */
function isSure({ check, verdict }: ReturnType<typeof judged>[number]): boolean {
  return check !== 'bursts' || verdict !== 'warning';
}
