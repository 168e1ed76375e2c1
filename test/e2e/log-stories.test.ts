import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signStatement } from '@symbolon/issuer/statement';
import { sampleIssuer } from '@symbolon/local/sample/regions';
import {
  addHours,
  addSeconds,
  DAY_SECONDS,
  formatInstant,
  HOUR_SECONDS,
  type Instant,
  instant,
  parseInstant,
} from '@symbolon/protocol/instant';
import type { BurstLeaf, DecisionLeaf } from '@symbolon/protocol/schemas/leaf';
import { concurrently } from '@symbolon/registry/concurrently';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { type PublicLog, publicLog, witnessedLeaves } from '../support/public-log.ts';
import { BURST, holdCeremonies } from '../support/story-ceremony.ts';
import { type Person, type StoryDesk, storyDesk } from '../support/story-desk.ts';
import { type StoryNetwork, startStoryNetwork } from '../support/story-network.ts';
import { newCredential, rootOf, type StoryWallet, storyWallet } from '../support/story-wallet.ts';

/**
 * Three stories of people who misuse what they may do, played to their end on the local network: the functions, the witnesses, the command, in a time of their own. Each says what is
 * stopped, and what is only made visible. What happens in one is past in the next.
 */

const BEGAN = parseInstant('2026-09-07T00:30:00Z');
const day = (n: number, hour = 0): Instant => addHours(parseInstant('2026-09-07T00:00:00Z'), 24 * n + hour);
const REGION = 'CN-BJ';
const RULE = 'close-contact-7d@1';
/** As many as were turned red in June 2022 for a reason that had nothing to do with health. */
const CROWD = 1317;
const NEGATIVE = { type: 'pcr', fields: { result: 'negative' } };
/** Of `concurrently`. */
const AT_ONCE = 8;

let story: StoryNetwork;
let desk: StoryDesk;
let crowd: readonly Person[];
let log: PublicLog;
/** The two who sign, by their key ids. */
let colluding: readonly string[];

const person = (n: number) => crowd[n] ?? expect.unreachable();
const endpoint = (region: string) =>
  story.network.regions.find((each) => each.region === region)?.endpoint ?? expect.unreachable();
const wallet = (name: string, whose: Person, region = REGION) => storyWallet(story, region, name, whose);

/** What the schedules do: the upkeep, a round of each log, new lists and a new bundle. */
async function schedules(): Promise<void> {
  await story.network.keepDecisionsNow();
  await story.network.logNow();
  await story.network.publishNow();
}
/** Days on which nobody does anything. The registry is signed on each, and witnesses look. */
async function quietDays(until: Instant): Promise<void> {
  while (story.now() < until) {
    story.moveTo(instant(Math.min(until, story.now() + DAY_SECONDS)));
    await story.network.publishNow();
    await story.network.logNow();
  }
}
/** What everybody can read. */
const leavesOf = async (of: PublicLog = log) => (await witnessedLeaves(of)).leaves;
const bursts = async (of: PublicLog = log) =>
  (await leavesOf(of)).filter((leaf): leaf is BurstLeaf => leaf.kind === 'burst');
const decided = async (level: string, of: PublicLog = log) =>
  (await leavesOf(of)).filter(
    (leaf): leaf is DecisionLeaf =>
      leaf.kind === 'decision' && leaf.scheme === 'health' && leaf.level === level,
  );
const openedLog = async (region: string) =>
  publicLog(story.network.registryUrl, await rootOf(story), region, story.now());

const Audited = z.object({
  origin: z.string(),
  size: z.int(),
  read: z.int(),
  checks: z.array(
    z.object({
      findings: z.array(z.object({ code: z.nullable(z.string()), places: z.array(z.string()) })),
    }),
  ),
  unusual: z.array(z.object({ day: z.string(), count: z.int(), usual: z.number() })),
});
type Audited = z.output<typeof Audited>;
const Audit = z.object({ verdict: z.string(), logs: z.array(Audited) });

/** The auditor comes again: over HTTP, with what is remembered from the last time. */
const audit = (exit: number, ...more: readonly string[]) => {
  const { registryUrl, root } = story.network;
  const kept = ['--state', story.file('auditor'), '--root', root.path];
  return story.ask(Audit, ['audit', registryUrl, ...kept, ...more], { exit });
};
/** What an audit found in the log of a region. */
const foundIn = ({ logs }: z.output<typeof Audit>, of: PublicLog = log) => {
  const own = logs.find(({ origin }) => origin === of.trust.origin) ?? expect.unreachable();
  return { ...own, findings: own.checks.flatMap(({ findings }) => findings) };
};

beforeAll(async () => {
  story = await startStoryNetwork(BEGAN);
  await story.network.publishNow();
  await holdCeremonies(story, REGION);
  // Functions look for a newer registry once a minute.
  story.pass(120);
  desk = storyDesk(story, REGION);
  colluding = await Promise.all(
    ['operator-1', 'operator-2'].map(async (name) => (await desk.client.signer(`${REGION}.${name}`)).kid),
  );
  crowd = await desk.enrol('CROWD', CROWD);
  for (const { status } of await desk.report('lab', 'negative', crowd, NEGATIVE)) expect(status).toBe(200);
  // One person elsewhere: that log, too, has begun.
  const elsewhere = storyDesk(story, 'CN-GD');
  await elsewhere.report('lab', 'first', await elsewhere.enrol('FIRST', 1), NEGATIVE);
  await schedules();
  log = await openedLog(REGION);
  const { root, registryUrl } = story.network;
  const init = await story.run(['trust', 'init', registryUrl, '--sha256', root.sha256]);
  expect([init.code, init.stderr]).toEqual([0, '']);
});

afterAll(() => story.stop());

it('before any of it everyone is green, in the log, and an auditor finds nothing', async () => {
  expect(await decided('green')).toHaveLength(CROWD);
  expect(await audit(0)).toMatchObject({ verdict: 'ok' });
});

describe('(i) two operators try to turn 1,317 people red within an hour', () => {
  const ATTACK = day(0, 8);
  const STEPS = 20;
  let holder: StoryWallet;
  let heldAt: Instant;

  it('stopped: one of them alone cannot, by no way', async () => {
    story.moveTo(addHours(ATTACK, -1));
    const [proposal = ''] = await desk.propose([person(0)], RULE);
    const approve = (approval: string, token: string) =>
      desk.client.post('/proposals/settle', { approval }, token);
    const claims = { proposal, verdict: 'approve', reason: 'I saw the list myself.' };
    const own = await desk.signed('operator-1', 'approval', claims);

    // The authorization server gives nobody a role that is not theirs.
    const refused = async (approval: string, token: string) => (await approve(approval, token)).body['code'];
    expect(await refused(own, await desk.client.token('operator-1', 'approve'))).toBe('forbidden');
    // Nor does it help to own that server: the key is the same.
    const roles = ['propose', 'approve'];
    expect(await refused(own, await desk.bentToken('operator-1', roles))).toBe('same-operator');
    // A second signature in the name of somebody else.
    const [one, other] = [
      await desk.client.signer(`${REGION}.operator-1`),
      await desk.client.signer(`${REGION}.operator-2`),
    ];
    const all = { aud: sampleIssuer(REGION), iat: story.now(), authority: 'cdc', ...claims };
    const forged = await signStatement('approval', all, { ...one, kid: other.kid });
    expect(await refused(forged, await desk.bentToken('operator-2', roles))).toBe('statement-invalid');
    expect(await refused(forged, await desk.bentToken('operator-1', roles))).toBe('forbidden');
    // The other one's own signature, of another proposal.
    const [elsewhere = ''] = await desk.propose([person(1)], RULE);
    const right = await desk.signed('operator-2', 'approval', {
      ...claims,
      proposal: elsewhere,
      verdict: 'reject',
    });
    const [head, , signature] = right.split('.');
    const spliced = [head, own.split('.')[1], signature].join('.');
    expect(await refused(spliced, await desk.bentToken('operator-2', roles))).toBe('statement-invalid');

    story.pass(20 * 60);
    await schedules();
    expect(await decided('red')).toEqual([]);
    expect(await desk.decisionsOf(person(0))).toMatchObject([{ level: 'green' }]);
  });

  it('stopped: both together trip the burst guard, which holds them all, and turns nobody red', async () => {
    story.moveTo(ATTACK);
    holder = wallet('lin', person(0));
    await holder.request();
    const sample = await concurrently(crowd.slice(0, 20), (each) =>
      newCredential(desk, endpoint(REGION), each),
    );
    expect(sample.map(({ level }) => level)).toEqual(sample.map(() => 'green'));

    const each = Math.ceil(CROWD / STEPS);
    const answers: { level: unknown; held: unknown; waitsUntil: unknown }[] = [];
    for (let step = 0; step < STEPS; step++) {
      story.moveTo(addSeconds(ATTACK, step * (HOUR_SECONDS / STEPS)));
      const ids = await desk.propose(crowd.slice(step * each, (step + 1) * each), RULE);
      for (const { status, body } of await desk.approve(ids)) {
        expect([status, body['state']]).toEqual([200, 'approved']);
        const { level, held = null, waitsUntil } = body;
        answers.push({ level, held, waitsUntil });
      }
      await story.network.keepDecisionsNow();
      if (step === 1) await expectAlarm();
    }
    expect(answers).toHaveLength(CROWD);
    expect(answers.filter(({ level }) => level !== 'green')).toEqual([]);
    // The first ones wait for the quarter of an hour that lets the guard stop them with the last.
    const waiting = answers.filter(({ waitsUntil }) => waitsUntil !== null).length;
    const held = answers.filter((each) => each.held !== null).length;
    // Of requests at once at the threshold none passes, or one.
    expect([waiting <= BURST.perHour, waiting > BURST.perHour - AT_ONCE, waiting + held]).toEqual([
      true,
      true,
      CROWD,
    ]);

    story.moveTo(addSeconds(ATTACK, HOUR_SECONDS + 20 * 60));
    await schedules();
    expect(await decided('red')).toEqual([]);
    expect(await holder.atGate()).toEqual(['accepted']);
    expect(await concurrently(sample, (held) => held.entry())).toEqual(sample.map(() => 0));
    const again = await concurrently(crowd.slice(0, 20), (whose) =>
      newCredential(desk, endpoint(REGION), whose),
    );
    expect(again.map(({ level }) => level)).toEqual(again.map(() => 'green'));
  });

  /** Made visible: within a minute everyone can read that so many were about to turn red, by which rule or office, and whoever is on duty is told. */
  async function expectAlarm(): Promise<void> {
    story.pass(30);
    await story.network.logNow();
    const { leaves, witnessedAt } = await witnessedLeaves(log);
    const held = leaves.filter((leaf) => leaf.kind === 'burst');
    expect(held.map(({ cause }) => [`rule:${RULE}`, 'authority:cdc'].includes(cause))).toContain(true);
    expect(held.map(({ region, state }) => [region, state])).toEqual(held.map(() => [REGION, 'held']));
    heldAt = held[0]?.heldAt ?? expect.unreachable();
    expect(witnessedAt - heldAt).toBeLessThanOrEqual(60);
    expect(story.told('burst.held')).toContainEqual({
      place: REGION,
      line: expect.objectContaining({ function: 'issuer-api', scheme: 'health' }),
    });
  }

  it('made visible: the burst is in the report of whoever audits now', async () => {
    const { findings } = foundIn(await audit(2));
    const places = (await bursts()).map(
      ({ cause }) => `${REGION} health ${cause}, ${formatInstant(heldAt).slice(0, 16)}Z`,
    );
    expect(findings.map(({ code, places: told }) => [code, told.toSorted()])).toEqual([
      ['burst-held', places.toSorted()],
    ]);
  });

  it('stopped: nobody released it, so it lapses after a day, and every one of them is green as before', async () => {
    story.moveTo(addHours(heldAt, 24 + 1));
    await schedules();
    const all = await bursts();
    const states = all.map(({ cause, state }) => `${cause} ${state}`);
    // Rule and office are counted both, and whichever is noticed first is held, or both.
    const causes = [...new Set(all.map(({ cause }) => cause))];
    expect(states.toSorted()).toEqual(
      causes.flatMap((cause) => [`${cause} held`, `${cause} lapsed`]).toSorted(),
    );
    expect(story.told('burst.lapsed').length).toBe(causes.length);
    // What lapsed does not come back.
    story.pass(HOUR_SECONDS);
    await schedules();
    const records = await concurrently(crowd, (each) => desk.decisionsOf(each));
    expect(records.filter((decisions) => decisions.length !== 1 || decisions[0]?.level !== 'green')).toEqual(
      [],
    );
    expect(await decided('red')).toEqual([]);
    expect(await audit(0)).toMatchObject({ verdict: 'ok' });
  });

  it('a holder proves to an auditor that the decision about them is the one from before', async () => {
    const proof = await holder.provenToAuditor('green');
    expect(proof).toMatchObject({
      proven: true,
      decision: { level: 'green', rule: 'clear@1', mode: 'automatic', sequence: 1 },
    });
    expect(Date.parse(proof.decision.decidedAt)).toBeLessThan(ATTACK * 1000);
  });
});

describe('(ii) the same two in a drip below the threshold', () => {
  const FIRST_DAY = 9;
  /** As many as the bound of a day lets through: in the 25 hours of the clock that the guard counts are seven of these steps. */
  const STEP_HOURS = 4;
  const EACH = Math.floor(BURST.perDay / 7);
  const A_DAY = 24 / STEP_HOURS;
  const STEPS = 2 * A_DAY;
  const OUTAGE = A_DAY + 2;
  const dripped = (step: number) => crowd.slice(step * EACH, (step + 1) * EACH);
  let restore: () => Promise<void> = async () => undefined;
  let holder: StoryWallet;
  let feverish: Person;
  let before: Audited;

  beforeAll(async () => {
    await quietDays(addHours(day(FIRST_DAY), -1));
    feverish = (await desk.enrol('FEVER', 1))[0] ?? expect.unreachable();
    const [told] = await desk.report('residents', 'fever', [feverish], {
      type: 'declaration',
      fields: { fever: true, cough: false },
    });
    expect([told?.status, told?.body]).toMatchObject([200, { state: 'done' }]);
    await schedules();
    expect(await desk.decisionsOf(feverish)).toMatchObject([{ level: 'amber' }]);
    before = foundIn(await audit(0));
    expect(before.unusual).toEqual([]);
  });

  // Also where what came before has failed.
  afterEach(() => restore());

  async function drip(step: number): Promise<void> {
    story.moveTo(addSeconds(addHours(day(FIRST_DAY), step * STEP_HOURS), 5 * 60));
    for (const { status, body } of await desk.approve(await desk.propose(dripped(step), RULE)))
      expect([status, body['held']]).toEqual([200, null]);
    story.pass(20 * 60);
    await story.network.keepDecisionsNow();
    await story.network.logNow();
  }

  it('not stopped: the first day goes through; made visible: the audit of that evening asks why there are so many', async () => {
    for (let step = 0; step < A_DAY; step++) await drip(step);
    await story.network.publishNow();
    const evening = foundIn(await audit(2));
    const [date] = formatInstant(day(FIRST_DAY)).split('T');
    expect(evening.findings).toMatchObject([
      {
        code: 'rate-unusual',
        places: [`${REGION} health ${RULE} cdc: ${A_DAY * EACH} on ${date}, usually 0`],
      },
    ]);
    expect(evening.unusual).toMatchObject([{ day: date, count: A_DAY * EACH, usual: 0 }]);
    // Only what is new was read.
    expect([evening.size - before.size, evening.read]).toEqual([A_DAY * EACH, A_DAY * EACH]);
  });

  it('an outage of witnesses: nobody turns red meanwhile, whoever gets well turns green, and then it goes on', async () => {
    for (let step = A_DAY; step < OUTAGE; step++) await drip(step);
    const victim = person(OUTAGE * EACH);
    holder = wallet('zhao', victim);
    story.moveTo(addHours(day(FIRST_DAY), OUTAGE * STEP_HOURS));
    await holder.request();

    restore = await breakWitnesses('witness-1', 'witness-2');
    await drip(OUTAGE);
    await story.network.publishNow();
    expect(await decided('red')).toHaveLength(OUTAGE * EACH);
    expect(await holder.atGate()).toEqual(['accepted']);
    // What is decided and nobody has seen gives the wallet nothing, for now; what it has goes on.
    const asked = await desk.client.request(victim.code, 'health', 1);
    expect([asked.status, asked.body['code']]).toEqual([503, 'decision-unlogged']);

    const retracts = [{ id: 'fever-0', subject: feverish.subject }];
    expect(
      (await desk.client.report({ id: 'well', source: 'residents', scheme: 'health', retracts })).status,
    ).toBe(200);
    const well = wallet('feverish', feverish);
    expect(await well.request()).toMatchObject({ received: 4, receipt: { problem: null, witnesses: 1 } });
    await story.network.publishNow();
    expect(await well.atGate()).toEqual(['accepted']);
    // Alarms were told.
    expect(story.told('log.witness-silent').map(({ line }) => Object.values(line))).toContainEqual(
      expect.arrayContaining(['witness-1.symbolon.test']),
    );

    await restore();
    story.pass(60);
    await story.network.logNow();
    await story.network.publishNow();
    expect(await decided('red')).toHaveLength((OUTAGE + 1) * EACH);
    expect(await holder.atGate()).toEqual(['refused', 'status-suspended']);
  });

  it('made visible: each leaf says by hand, which office and which two keys; the second evening, the page with its charts', async () => {
    for (let step = OUTAGE + 1; step < STEPS; step++) await drip(step);
    await story.network.publishNow();
    const red = await decided('red');
    expect(red).toHaveLength(STEPS * EACH);
    const said = red.map(({ mode, authority, rule, approvers = [] }) => ({
      mode,
      authority,
      rule,
      approvers: approvers.toSorted(),
    }));
    const alike = { mode: 'manual', authority: 'cdc', rule: RULE, approvers: colluding.toSorted() };
    expect(said).toEqual(red.map(() => alike));
    expect(JSON.stringify(red)).not.toMatch(new RegExp(crowd.map(({ subject }) => subject).join('|')));
    // Below the threshold it was: no burst since the one that lapsed.
    expect((await bursts()).filter(({ heldAt }) => heldAt > day(FIRST_DAY))).toEqual([]);

    const page = story.file('report.html');
    const evening = foundIn(await audit(2, '--html', page));
    expect(evening.unusual.map(({ count }) => count)).toEqual([A_DAY * EACH, A_DAY * EACH]);
    const html = await readFile(page, 'utf8');
    expect(html).toContain('decisions for the worse, by how they were made');
    expect(html).toMatch(
      new RegExp(`<td>red</td><td>${RULE}</td><td>cdc</td><td>manual</td><td class="n">${STEPS * EACH}</td>`),
    );
    for (const kid of colluding) expect(html).toContain(kid);
  });

  it('a holder proves to an auditor that these two turned them red by hand', async () => {
    expect(await holder.request()).toMatchObject({ receipt: { problem: null, witnesses: 3 } });
    const { proven, decision } = await holder.provenToAuditor('red');
    expect([proven, decision]).toMatchObject([
      true,
      { level: 'red', rule: RULE, authority: 'cdc', mode: 'manual', sequence: 2 },
    ]);
    expect(decision.approvers.toSorted()).toEqual(colluding.toSorted());
  });

  /** Their disks are gone: they answer, and cannot cosign. */
  async function breakWitnesses(...names: readonly string[]): Promise<() => Promise<void>> {
    const folders = names.map((name) => join(story.folder, 'witnesses', name));
    for (const folder of folders) {
      await rename(folder, `${folder}.away`);
      await writeFile(folder, '');
    }
    return async () => {
      restore = async () => undefined;
      for (const folder of folders) {
        await rename(folder, `${folder}.broken`);
        await rename(`${folder}.away`, folder);
      }
    };
  }
});

describe('(iii) a source reports contacts in bulk that there were not', () => {
  const ELSEWHERE = 'CN-GD';
  const CONTACT_RULE = 'close-contact-5d@1';
  const VICTIMS = 150;
  const CONTACT = { type: 'contact', fields: { kind: 'close' } };
  let office: StoryDesk;
  let victims: readonly Person[];
  let other: PublicLog;

  const settle = async (
    held: Readonly<Record<string, unknown>>,
    verdict: string,
    operator = 'operator-2',
  ) => {
    const { id: batch, source, digest } = held;
    const claims = { source, batch, digest, verdict, reason: 'Asked by telephone.' };
    const approval = await office.signed(operator, 'intakeApproval', claims);
    return office.as(operator, 'approve', '/facts/settle', { approval });
  };
  const levels = async () =>
    Object.groupBy(
      await concurrently(victims, async (each) => (await office.decisionsOf(each)).at(-1)?.level),
      String,
    );

  beforeAll(async () => {
    await quietDays(day(11, 8));
    office = storyDesk(story, ELSEWHERE);
    victims = await office.enrol('VICTIM', VICTIMS);
    for (const { status } of await office.report('lab', 'negative', victims, NEGATIVE))
      expect(status).toBe(200);
    await schedules();
    other = await openedLog(ELSEWHERE);
  });

  it('stopped: the batch waits for a second person, who refuses it', async () => {
    const [held] = await office.report('contact-tracing', 'made-up', victims, CONTACT);
    expect([held?.status, held?.body]).toMatchObject([
      202,
      { state: 'held', facts: VICTIMS, adverse: VICTIMS },
    ]);
    const alone = await settle(held?.body ?? {}, 'admit', 'operator-1');
    expect([alone.status, alone.body['code']]).toEqual([403, 'forbidden']);
    expect((await settle(held?.body ?? {}, 'refuse')).body).toMatchObject({ state: 'refused' });
    story.pass(60);
    await schedules();
    expect(await decided('red', other)).toEqual([]);
    expect(Object.keys(await levels())).toEqual(['green']);
  });

  it('stopped: when the two collude, the burst guard holds what is beyond; made visible: authority and rate', async () => {
    story.pass(3 * HOUR_SECONDS);
    const [waiting] = await office.report('contact-tracing', 'again', victims, CONTACT);
    const { status, body } = await settle(waiting?.body ?? {}, 'admit');
    expect([status, body]).toMatchObject([
      200,
      { state: 'done', added: VICTIMS, held: expect.arrayContaining([expect.any(String)]) },
    ]);
    story.pass(30);
    await story.network.logNow();
    const red = await decided('red', other);
    expect(red).toHaveLength(BURST.perHour);
    const said = { mode: 'automatic', authority: 'cdc', rule: CONTACT_RULE };
    expect(red).toMatchObject(red.map(() => said));
    const held = (await bursts(other)).map(({ region, state }) => [region, state]);
    expect(new Set(held.map(String))).toEqual(new Set([`${ELSEWHERE},held`]));
    const { green, red: turned } = await levels();
    expect([green?.length, turned?.length]).toEqual([VICTIMS - BURST.perHour, BURST.perHour]);
    await story.network.publishNow();
    const { findings } = foundIn(await audit(2, '--region', ELSEWHERE), other);
    expect(findings.map(({ code }) => code).toSorted()).toEqual(['burst-held', 'rate-unusual']);
    expect(findings.find(({ code }) => code === 'rate-unusual')?.places).toEqual([
      `${ELSEWHERE} health ${CONTACT_RULE} cdc: ${BURST.perHour} on 2026-09-18, usually 0`,
    ]);
  });

  it('made visible: each of them reads who says so, and one proves their decision to an auditor', async () => {
    const facts = await concurrently(victims, async (each) => (await office.recordOf(each))['facts']);
    const contact = expect.objectContaining({ type: 'contact', source: 'contact-tracing' });
    expect(facts).toEqual(victims.map(() => expect.arrayContaining([contact])));
    const all = await concurrently(victims, async (each) => (await office.decisionsOf(each)).at(-1)?.level);
    const holder = wallet('ouyang', victims[all.indexOf('red')] ?? expect.unreachable(), ELSEWHERE);
    expect(await holder.request()).toMatchObject({ receipt: { problem: null, witnesses: 3 } });
    expect(await holder.provenToAuditor('contact')).toMatchObject({
      proven: true,
      decision: {
        level: 'red',
        authority: 'cdc',
        rule: CONTACT_RULE,
        mode: 'automatic',
        evidence: 'contact-tracing',
      },
    });
  });

  it('stopped: what nobody released lapses after a day, and those beyond the bound stay green', async () => {
    story.pass(DAY_SECONDS + HOUR_SECONDS);
    await schedules();
    expect(new Set((await bursts(other)).slice(-1).map(({ state }) => state))).toEqual(new Set(['lapsed']));
    expect(await decided('red', other)).toHaveLength(BURST.perHour);
    const { green } = await levels();
    expect(green).toHaveLength(VICTIMS - BURST.perHour);
  });
});
