import { addHours, formatInstant } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { operatorSigner } from '../testing/issuer-people.ts';
import { issuerSuite } from '../testing/issuer-suite.ts';
import { askFor, claimsOf } from '../testing/wallet-requests.ts';

const suite = issuerSuite();
const WORDS = 'Was at the harbour on Tuesday, says the crew.';

async function proposed(subject: string, id: string): Promise<string> {
  const { world, desk } = suite;
  const claims = {
    jti: id,
    subject,
    scheme: 'health',
    rule: 'positive-test-7d@1',
    until: addHours(world.now, 48),
    statement: WORDS,
  };
  const proposal = await desk.signed('clerk', 'proposal', claims);
  const answer = await desk.as('clerk', '/proposals', { proposal });
  expect([answer.status, answer.body]).toEqual([
    201,
    {
      id: expect.stringMatching(/^[\w-]{43}$/),
      lapsesAt: formatInstant(addHours(world.now, 7 * 24)),
    },
  ]);
  return String(answer.body['id']);
}

async function settled(proposal: string, verdict: 'approve' | 'reject') {
  const { desk } = suite;
  const claims = { proposal, verdict, reason: 'Looked at the list of the crew.' };
  return desk.as('approver', '/proposals/settle', {
    approval: await desk.signed('approver', 'approval', claims),
  });
}

describe('a decision by hand', () => {
  it('is proposed by one, seen with its rule by another, approved, holds against the facts, and is withdrawn', async () => {
    const { world, desk } = suite;
    const { subject, code } = await desk.enrolled('P-3001');
    const green = claimsOf(await askFor(world, desk, code, ['before']));
    const id = await proposed(subject, 'p1');

    const open = await desk.as('approver', '/proposals/open');
    expect(open.body['open']).toContainEqual(
      expect.objectContaining({ id, scheme: 'health', rule: 'positive-test-7d@1', authority: 'cdc' }),
    );
    expect(open.text).not.toContain(subject);
    expect(open.text).not.toContain(WORDS);
    const reason = 'To decide on the proposal.';
    const view = await desk.as('approver', '/proposals/view', { proposal: id, reason });
    expect(view.body).toMatchObject({
      subject,
      statement: WORDS,
      level: 'red',
      evidence: 'laboratory',
      words: { en: 'A positive laboratory test in the last 7 days' },
      contestHours: 24,
      state: 'open',
    });

    const approved = await settled(id, 'approve');
    expect([approved.status, approved.body]).toEqual([
      200,
      { state: 'decided', level: 'red', sequence: 2, held: null, waitsUntil: null },
    ]);
    const { uri = '', idx } = green.statusEntry ?? {};
    const suspended = expect.objectContaining({ idx, suspended: true });
    // REQ-ISS-037: not before witnesses have seen it.
    expect(await world.api.lists.flagged(uri)).not.toContainEqual(suspended);
    await world.decisionLog.round();
    expect(await world.api.lists.flagged(uri)).toContainEqual(suspended);
    await desk.report('n1', [desk.pcr('f1', subject, 'negative')]);
    const red = claimsOf(await askFor(world, desk, code, ['during']));
    expect(red).toMatchObject({ level: 'red', rule: 'positive-test-7d@1', authority: 'cdc' });

    const { body } = await desk.call('/record', {}, code);
    const kids = [(await operatorSigner('clerk')).kid, (await operatorSigner('approver')).kid];
    expect(body['decisions']).toContainEqual(
      expect.objectContaining({
        mode: 'manual',
        level: 'red',
        approvers: kids,
        until: formatInstant(addHours(world.now, 48)),
      }),
    );
    expect(body['entries']).toContainEqual(
      expect.objectContaining({ kind: 'facts-read', reason, by: { kid: kids[1], authority: 'cdc' } }),
    );

    const withdrawal = { subject, scheme: 'health', sequence: 2, reason: 'Another crew.' };
    const withdrawn = await desk.as('clerk', '/decisions/withdraw', {
      withdrawal: await desk.signed('clerk', 'withdrawal', withdrawal),
    });
    expect([withdrawn.status, withdrawn.body]).toEqual([200, { level: 'green', rule: 'clear@1' }]);
    expect(await world.api.lists.flagged(uri)).not.toContainEqual(
      expect.objectContaining({ idx, suspended: true }),
    );
  });

  it('is withdrawn as well by whoever may only approve', async () => {
    const { desk } = suite;
    const { subject } = await desk.enrolled('P-3002');
    await settled(await proposed(subject, 'p2'), 'approve');
    const claims = { subject, scheme: 'health', sequence: 1, reason: 'Another crew.' };
    const answer = await desk.as('approver', '/decisions/withdraw', {
      withdrawal: await desk.signed('approver', 'withdrawal', claims),
    });
    expect([answer.status, answer.body]).toEqual([200, { level: 'green', rule: 'clear@1' }]);
  });

  it('that the second rejects changes nothing for the person', async () => {
    const { world, desk } = suite;
    const { subject, code } = await desk.enrolled('P-3003');
    const id = await proposed(subject, 'p3');
    const rejected = await settled(id, 'reject');
    expect([rejected.status, rejected.body]).toEqual([
      200,
      { state: 'rejected', level: null, sequence: null, held: null, waitsUntil: null },
    ]);
    expect((await desk.as('approver', '/proposals/open')).text).not.toContain(id);
    expect(claimsOf(await askFor(world, desk, code, ['rejected'])).level).toBe('green');
  });

  it('ends by itself when its time is over', async () => {
    const { world, desk } = suite;
    const { subject, code } = await desk.enrolled('P-3004');
    await settled(await proposed(subject, 'p4'), 'approve');
    world.now = addHours(world.now, 48);
    expect(claimsOf(await askFor(world, desk, code, ['after'])).level).toBe('green');
  });
});
