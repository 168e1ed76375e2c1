import { addHours } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { type BadInput, expectRefused } from '../testing/bad-input.ts';
import { type OperatorName, operatorRef } from '../testing/issuer-people.ts';
import { issuerSuite } from '../testing/issuer-suite.ts';
import { tokenOf } from '../testing/issuer-tokens.ts';

const suite = issuerSuite();
let people = 0;
/** A new person, so that no row leans on another. */
const someone = async () => (await suite.desk.enrolled(`P-70${people++}0`)).subject;
const merge = (from: string, into: string) =>
  suite.desk.as('clerk', '/subjects/merge', { from, into, reason: 'One person.' });

const proposalOf = (subject: string, claims: object = {}) => ({
  jti: `p${people}`,
  subject,
  scheme: 'health',
  rule: 'positive-test-7d@1',
  until: addHours(suite.world.now, 48),
  statement: 'Was at the harbour on Tuesday.',
  ...claims,
});

/** Proposes with such claims. */
const proposing =
  (claims: () => object | Promise<object>, by: OperatorName = 'clerk'): BadInput[3] =>
  async () => {
    const proposal = await suite.desk.signed(by, 'proposal', proposalOf(await someone(), await claims()));
    return () => suite.desk.as(by, '/proposals', { proposal });
  };

async function proposed(by: OperatorName = 'clerk', of?: string) {
  const { desk } = suite;
  const subject = of ?? (await someone());
  const proposal = await desk.signed(by, 'proposal', proposalOf(subject));
  return { subject, proposal: String((await desk.as(by, '/proposals', { proposal })).body['id']) };
}

async function settling(by: OperatorName, proposal: string, verdict = 'approve', signer = by) {
  const { desk } = suite;
  const approval = await desk.signed(signer, 'approval', { proposal, verdict, reason: 'Looked at.' });
  return () => desk.as(by, '/proposals/settle', { approval });
}

describe('a proposal', () => {
  it.each<BadInput>([
    ['REQ-ISS-005 about nobody', 404, 'subject-unknown', proposing(() => ({ subject: 'x'.repeat(22) }))],
    [
      'REQ-ISS-032 about someone who was merged away',
      409,
      'subject-merged',
      proposing(async () => {
        const [from, into] = [await someone(), await someone()];
        await merge(from, into);
        return { subject: from };
      }),
    ],
    [
      'REQ-ISS-039 by a rule whose level is favourable',
      400,
      'decision-not-adverse',
      proposing(() => ({ rule: 'clear@1' })),
    ],
    [
      'REQ-ISS-039 by a rule that is not published',
      400,
      'decision-not-adverse',
      proposing(() => ({ rule: 'bank-deposit@1' })),
    ],
    [
      'REQ-ISS-039 for longer than allowed',
      400,
      'decision-not-adverse',
      proposing(() => ({ until: addHours(suite.world.now, 15 * 24) })),
    ],
    [
      'REQ-ISS-004 in the name of another office',
      403,
      'forbidden',
      proposing(() => ({ authority: 'transport' })),
    ],
    ['REQ-ISS-004 without the role', 403, 'forbidden', proposing(() => ({}), 'approver')],
    [
      'REQ-ISS-028 for another region',
      400,
      'statement-invalid',
      proposing(() => ({ aud: 'https://cn-gd.symbolon.test' })),
    ],
    [
      'REQ-ISS-028 of the day before yesterday',
      400,
      'statement-invalid',
      proposing(() => ({ iat: addHours(suite.world.now, -25) })),
    ],
    ['REQ-REC-001 about an unknown scheme', 404, 'scheme-unknown', proposing(() => ({ scheme: 'bank' }))],
  ])('%s: %i %s', async (...row) => {
    await expectRefused(suite, row);
  });
});

describe('an approval', () => {
  it.each<BadInput>([
    [
      'REQ-ISS-030 by the one who proposed, who has both roles',
      403,
      'same-operator',
      async () => settling('chief', (await proposed('chief')).proposal),
    ],
    [
      'REQ-ISS-004 without the role',
      403,
      'forbidden',
      async () => settling('clerk', (await proposed('chief')).proposal),
    ],
    [
      'REQ-ISS-029 with the role in the token and not in the region file',
      403,
      'operator-unknown',
      async () => {
        const { proposal } = await proposed('chief');
        const claims = { proposal, verdict: 'approve', reason: 'Looked at.' };
        const approval = await suite.desk.signed('clerk', 'approval', claims);
        const token = await tokenOf('clerk', suite.world.now, { roles: ['approve'] });
        return () => suite.desk.call('/proposals/settle', { approval }, token);
      },
    ],
    [
      'REQ-ISS-004 that another one signed',
      403,
      'forbidden',
      async () => settling('approver', (await proposed()).proposal, 'approve', 'chief'),
    ],
    [
      'REQ-ISS-029 by an office that the rule does not list',
      403,
      'operator-unknown',
      async () => settling('elder', (await proposed()).proposal),
    ],
    ['REQ-ISS-033 of nothing', 404, 'proposal-unknown', async () => settling('approver', 'A'.repeat(43))],
    [
      'REQ-ISS-032 of a proposal about someone who was merged away meanwhile',
      409,
      'subject-merged',
      async () => {
        const { subject, proposal } = await proposed();
        await merge(subject, await someone());
        return settling('approver', proposal);
      },
    ],
    [
      'REQ-ISS-034 after a week',
      409,
      'proposal-closed',
      async () => {
        const { proposal } = await proposed();
        suite.world.now = addHours(suite.world.now, 7 * 24);
        return settling('approver', proposal);
      },
    ],
    [
      'REQ-ISS-034 of what another one approved',
      409,
      'proposal-closed',
      async () => {
        const { proposal } = await proposed();
        await (await settling('approver', proposal))();
        return settling('chief', proposal);
      },
    ],
    [
      'REQ-ISS-034 of what was rejected',
      409,
      'proposal-closed',
      async () => {
        const { proposal } = await proposed();
        await (await settling('approver', proposal, 'reject'))();
        return settling('approver', proposal);
      },
    ],
  ])('%s: %i %s', async (...row) => {
    await expectRefused(suite, row);
  });

  it('REQ-ISS-030 twice by one person is one approval: the same answer, and one decision', async () => {
    const { world } = suite;
    const { subject, proposal } = await proposed();
    const first = await (await settling('approver', proposal))();
    const stored = await world.dump();
    const again = await (await settling('approver', proposal))();
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(await world.dump()).toEqual(stored);
    expect(await world.api.decisions.all(subject, 'health')).toMatchObject([
      { approvers: [(await operatorRef('clerk')).kid, (await operatorRef('approver')).kid] },
    ]);
  });
});

describe('what else is about someone who was merged away, or was never decided', () => {
  const gone = async () => {
    const [from, into] = [await someone(), await someone()];
    await merge(from, into);
    return { from, into };
  };

  it.each<BadInput>([
    [
      'REQ-ISS-032 a withdrawal',
      409,
      'subject-merged',
      async () => {
        const { from } = await gone();
        const claims = { subject: from, scheme: 'health', sequence: 1, reason: 'Another one.' };
        const withdrawal = await suite.desk.signed('clerk', 'withdrawal', claims);
        return () => suite.desk.as('clerk', '/decisions/withdraw', { withdrawal });
      },
    ],
    [
      'REQ-ISS-032 a reading',
      409,
      'subject-merged',
      async () => {
        const { from } = await gone();
        const request = { subject: from, scheme: 'health', reason: 'Asked by the person.' };
        return () => suite.desk.as('clerk', '/facts/read', request);
      },
    ],
    [
      'REQ-ISS-032 a card',
      409,
      'subject-merged',
      async () => {
        const { from } = await gone();
        return () => suite.desk.as('clerk', '/cards', { subject: from, scheme: 'health', initials: 'L.W.' });
      },
    ],
    [
      'REQ-ISS-032 a merging into a third',
      409,
      'subject-merged',
      async () => {
        const { from } = await gone();
        const third = await someone();
        return () => merge(from, third);
      },
    ],
    [
      'REQ-ISS-001 a merging into itself',
      400,
      'request-malformed',
      async () => {
        const one = await someone();
        return () => merge(one, one);
      },
    ],
    [
      'REQ-ISS-033 a withdrawal of what rules decided',
      404,
      'proposal-unknown',
      async () => {
        const subject = await someone();
        await suite.desk.report('w1', [suite.desk.pcr('f1', subject, 'positive')]);
        const claims = { subject, scheme: 'health', sequence: 1, reason: 'Another one.' };
        const withdrawal = await suite.desk.signed('clerk', 'withdrawal', claims);
        return () => suite.desk.as('clerk', '/decisions/withdraw', { withdrawal });
      },
    ],
    [
      'REQ-ISS-029 a withdrawal by another office',
      403,
      'operator-unknown',
      async () => {
        const { subject, proposal } = await proposed();
        await (await settling('approver', proposal))();
        const claims = { subject, scheme: 'health', sequence: 1, reason: 'Another one.' };
        const withdrawal = await suite.desk.signed('elder', 'withdrawal', claims);
        return () => suite.desk.as('elder', '/decisions/withdraw', { withdrawal });
      },
    ],
  ])('%s: %i %s', async (...row) => {
    await expectRefused(suite, row);
  });
});
