import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { describe, expect, it } from 'vitest';
import { type BadInput, expectRefused } from '../testing/bad-input.ts';
import { issuerSuite } from '../testing/issuer-suite.ts';
import { askFor, freshNonce, holderKey, proof, wanted } from '../testing/wallet-requests.ts';

const suite = issuerSuite();
let people = 0;
const someone = () => suite.desk.enrolled(`P-95${people++}0`);
const good = async (nonce: string) => [await proof(holderKey('p'), nonce, suite.world.now)];

describe('a decision that is not in the log', () => {
  it('REQ-ISS-037 gives no credential: 503 decision-unlogged, and no mint is recorded', async () => {
    const { world, desk } = suite;
    const row: BadInput = [
      '',
      503,
      'decision-unlogged',
      async () => {
        const { subject, code } = await someone();
        await desk.report('l1', [desk.pcr('f1', subject, 'positive')]);
        const body = wanted(await good(await freshNonce(desk)));
        // It is in the log, and one witness of the two that it takes has seen it.
        world.decisionLog.down.add('witness-1.symbolon.test').add('witness-3.symbolon.test');
        await world.decisionLog.round();
        return () => desk.call('/credentials', body, code);
      },
    ];
    await expectRefused(suite, row, true);
    world.decisionLog.down.clear();
  });

  it('REQ-ISS-037 nor does a log that is damaged: the answer says no more, and the log line has the code of what is wrong', async () => {
    const { world, desk } = suite;
    const { files, round } = world.decisionLog;
    const { subject, code } = await someone();
    await desk.report('l2', [desk.pcr('f1', subject, 'negative')]);
    const body = wanted(await good(await freshNonce(desk)));
    await round();
    const signed = files.files.get('checkpoint') ?? expect.unreachable();
    files.files.set('checkpoint', utf8(fromUtf8(signed).replace(/\n\d+\n/, '\n9999\n')));
    const row: BadInput = [
      '',
      503,
      'decision-unlogged',
      async () => () => desk.call('/credentials', body, code),
    ];
    await expectRefused(suite, row, true);
    files.files.set('checkpoint', signed);
    expect(world.record.lines.at(-1)).toMatchObject({
      event: 'request.failed',
      fields: { code: 'decision-unlogged', cause: 'log-signature' },
    });
  });
});

describe('rules that do not compile, or fail', () => {
  /** A rule set that was published all the same. */
  const broken = (when: string) => {
    const { world } = suite;
    const { health } = world.publication.ruleSets;
    const [first, ...others] = health?.rules ?? [];
    if (health === undefined || first === undefined) throw new TypeError('no rules');
    const rules = [{ ...first, when }, ...others];
    const ruleSets = { ...world.publication.ruleSets, health: { ...health, rules } };
    world.publication = { ...world.publication, ruleSets };
  };
  const BANK = 'deposits.exists(d, d.amount > 0)';
  const OVERFLOW = 'size(pcr) * 9007199254740991 * 2000 < 0';
  const reported =
    (id: string, when: string): BadInput[3] =>
    async () => {
      const { subject } = await someone();
      broken(when);
      const batch = await suite.desk.batch('lab', id, [suite.desk.pcr('f1', subject, 'negative')]);
      return () => suite.desk.as('clerk', '/facts', { batch });
    };
  const asked =
    (when: string): BadInput[3] =>
    async () => {
      const { subject, code } = await someone();
      await suite.desk.report(`b${people}`, [suite.desk.pcr('f1', subject, 'negative')]);
      const body = wanted(await good(await freshNonce(suite.desk)));
      broken(when);
      return () => suite.desk.call('/credentials', body, code);
    };

  it.each<BadInput>([
    [
      'REQ-RUL-008 facts are not taken in, none of the batch',
      500,
      'expression-malformed',
      reported('k1', BANK),
    ],
    ['REQ-RUL-009 nor when a rule fails on them', 500, 'expression-failed', reported('k2', OVERFLOW)],
    [
      'REQ-RUL-008 nothing is minted, not by the older decision either',
      500,
      'expression-malformed',
      asked(BANK),
    ],
    ['REQ-RUL-009 nor when a rule fails', 500, 'expression-failed', asked(OVERFLOW)],
  ])('%s: %i %s', async (...row) => {
    await expectRefused(suite, row, true);
    expect(suite.world.record.lines.at(-1)).toMatchObject({
      event: 'request.failed',
      fields: { code: row[2] },
    });
  });

  it('what was sent is taken in when the rules are whole again', async () => {
    const { world, desk } = suite;
    const { subject, code } = await someone();
    const whole = world.publication;
    const batch = await desk.batch('lab', 'k3', [desk.pcr('f1', subject, 'negative')]);
    broken(BANK);
    expect((await desk.as('clerk', '/facts', { batch })).status).toBe(500);
    world.publication = whole;
    expect((await desk.as('clerk', '/facts', { batch })).body).toMatchObject({ state: 'done', added: 1 });
    expect((await askFor(world, desk, code, ['whole'])).status).toBe(200);
  });
});
