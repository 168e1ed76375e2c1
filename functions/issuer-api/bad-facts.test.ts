import { signStatement } from '@symbolon/issuer/statement';
import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { type BadInput, expectRefused } from '../testing/bad-input.ts';
import type { ReportedFact } from '../testing/issuer-desk.ts';
import { publishedKey, seededSigner, sourceSigner } from '../testing/issuer-people.ts';
import { ISSUER } from '../testing/issuer-publication.ts';
import { issuerSuite } from '../testing/issuer-suite.ts';

const suite = issuerSuite();
let people = 0;
/** A new person, so that no row leans on another. */
const someone = async () => (await suite.desk.enrolled(`P-60${people++}0`)).subject;

const fact = (subject: string, changes: object = {}): ReportedFact => ({
  ...suite.desk.pcr('f1', subject, 'negative'),
  ...changes,
});

/** The laboratory signs one fact of a new person, changed so, in a batch with such claims. */
const reported =
  (id: string, changes: object = {}, claims: object = {}): BadInput[3] =>
  async () => {
    const good = fact(await someone(), { id: 'good' });
    const bad = fact(await someone(), changes);
    const batch = await suite.desk.batch('lab', id, [good, bad], claims);
    return () => suite.desk.as('clerk', '/facts', { batch });
  };

/** A batch as text, made of a good one. */
const handedIn =
  (id: string, change: (good: string) => string | Promise<string>): BadInput[3] =>
  async () => {
    const batch = await change(await suite.desk.batch('lab', id, [fact(await someone())]));
    return () => suite.desk.as('clerk', '/facts', { batch });
  };

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a fact that its scheme does not declare', () => {
  it.each<BadInput>([
    [
      'REQ-ISS-007 a value outside its list',
      400,
      'fact-malformed',
      reported('a1', { fields: { result: 'SECRET' } }),
    ],
    ['REQ-ISS-007 no field', 400, 'fact-malformed', reported('a2', { fields: {} })],
    [
      'REQ-ISS-007 a field too many',
      400,
      'fact-malformed',
      reported('a3', { fields: { result: 'negative', bankDeposit: 1 } }),
    ],
    ['REQ-ISS-007 a field of another type', 400, 'fact-malformed', reported('a4', { fields: { result: 1 } })],
    [
      'REQ-ISS-007 a fact in the future',
      400,
      'fact-malformed',
      async () => reported('a5', { at: addSeconds(suite.world.now, 301) })(),
    ],
    ['REQ-ISS-028 a time that is none', 400, 'statement-invalid', reported('a6', { at: 'yesterday' })],
    ['REQ-ISS-028 a member too many', 400, 'statement-invalid', reported('a7', { name: 'SECRET' })],
  ])('%s: %i %s, and the good one beside it is not stored', async (...row) => {
    const answer = await expectRefused(suite, row);
    expect(answer.text).not.toMatch(/SECRET|bankDeposit/);
    if (row[2] === 'fact-malformed') expect(answer.body['path']).toMatch(/^facts\.1\.(at|fields)/);
  });

  it('REQ-ISS-005 a fact of nobody: 404 subject-unknown, and the good one beside it is not stored', async () => {
    const answer = await expectRefused(suite, [
      '',
      404,
      'subject-unknown',
      reported('a8', { subject: 'x'.repeat(22) }),
    ]);
    expect(answer.body['path']).toBe('facts.1.subject');
  });

  it('REQ-ISS-032 a fact of someone who was merged away is of the one that stays', async () => {
    const { desk } = suite;
    const [from, into] = [await someone(), await someone()];
    await desk.as('clerk', '/subjects/merge', { from, into, reason: 'One person.' });
    const { status, body } = await desk.report('a9', [desk.pcr('f9', from, 'negative')]);
    expect([status, body]).toMatchObject([200, { state: 'done', added: 1 }]);
    const request = { subject: into, scheme: 'health', reason: 'Asked by the person.' };
    const read = (await desk.as('approver', '/facts/read', request)).body;
    expect(read).toMatchObject({ facts: [{ id: 'f9' }] });
  });
});

describe('a batch that no registered source signed for this', () => {
  it.each<BadInput>([
    [
      'REQ-ISS-028 an unsigned batch',
      400,
      'statement-invalid',
      handedIn('b1', (good) => `${encoded({ alg: 'none' })}.${good.split('.')[1]}.`),
    ],
    [
      'REQ-ISS-028 no signature',
      400,
      'statement-invalid',
      handedIn('b2', (good) => `${good.split('.', 2).join('.')}.`),
    ],
    ['REQ-ISS-028 no statement', 400, 'statement-invalid', handedIn('b3', () => 'SECRET')],
    [
      'REQ-ISS-028 changed after it was signed',
      400,
      'statement-invalid',
      handedIn('b4', (good) => {
        const [header = '', payload = '', signature = ''] = good.split('.');
        const text = Buffer.from(payload, 'base64url').toString().replace('negative', 'positive');
        return `${header}.${Buffer.from(text).toString('base64url')}.${signature}`;
      }),
    ],
    ['REQ-ISS-027 an unknown source', 403, 'source-unknown', reported('b5', {}, { iss: 'contact-tracing' })],
    ["REQ-ISS-027 another source's name", 403, 'source-unknown', reported('b6', {}, { iss: 'residents' })],
    [
      'REQ-ISS-027 a key that is nobody’s',
      403,
      'source-unknown',
      async () => {
        const claims = { iss: 'lab', aud: ISSUER, iat: suite.world.now, jti: 'b7', scheme: 'health' };
        const facts = [fact(await someone())];
        const signer = await seededSigner('stranger');
        const batch = await signStatement('facts', { ...claims, facts, retracts: [] }, signer);
        return () => suite.desk.as('clerk', '/facts', { batch });
      },
    ],
    [
      'REQ-ISS-028 another key under the id of the source’s',
      400,
      'statement-invalid',
      async () => {
        const claims = { iss: 'lab', aud: ISSUER, iat: suite.world.now, jti: 'b8', scheme: 'health' };
        const facts = [fact(await someone())];
        const signer = { ...(await seededSigner('stranger')), kid: (await sourceSigner('lab')).kid };
        const batch = await signStatement('facts', { ...claims, facts, retracts: [] }, signer);
        return () => suite.desk.as('clerk', '/facts', { batch });
      },
    ],
    [
      'REQ-ISS-027 a type that the source is not registered for',
      403,
      'source-unknown',
      reported('b9', { type: 'declaration', fields: { fever: true, cough: true } }),
    ],
    [
      'REQ-ISS-027 a scheme that the source is not registered for',
      403,
      'source-unknown',
      reported('b10', {}, { scheme: 'travel' }),
    ],
    ['REQ-REC-001 an unknown scheme', 404, 'scheme-unknown', reported('b11', {}, { scheme: 'constructor' })],
    [
      'REQ-ISS-028 a batch for another region',
      400,
      'statement-invalid',
      reported('b12', {}, { aud: 'https://cn-gd.symbolon.test' }),
    ],
    [
      'REQ-ISS-028 a batch from the future',
      400,
      'statement-invalid',
      async () => reported('b13', {}, { iat: addSeconds(suite.world.now, 31) })(),
    ],
    [
      'REQ-ISS-028 a batch of the day before yesterday',
      400,
      'statement-invalid',
      async () => reported('b14', {}, { iat: addHours(suite.world.now, -25) })(),
    ],
    ['REQ-ISS-028 an empty batch', 400, 'statement-invalid', reported('b15', {}, { facts: [] })],
    [
      'REQ-ISS-028 a statement of another kind',
      400,
      'statement-invalid',
      async () => {
        const batch = await suite.desk.signed('clerk', 'approval', {
          proposal: 'A'.repeat(43),
          verdict: 'approve',
          reason: 'Looked at.',
        });
        return () => suite.desk.as('clerk', '/facts', { batch });
      },
    ],
  ])('%s: %i %s', async (...row) => {
    expect((await expectRefused(suite, row)).text).not.toContain('SECRET');
  });

  it('REQ-ISS-001 facts as plain JSON: 400 request-malformed', async () => {
    const subject = await someone();
    const body = { subject, scheme: 'health', facts: [fact(subject)] };
    await expectRefused(suite, [
      '',
      400,
      'request-malformed',
      async () => () => suite.desk.as('clerk', '/facts', body),
    ]);
  });

  it('REQ-ISS-027 a place is published for everyone, and is no fact of one person: 400 fact-malformed', async () => {
    const { world } = suite;
    const { region } = world.publication;
    const lab = {
      names: world.publication.federation.names,
      facts: { health: ['riskArea', 'pcr'] },
      keys: [publishedKey(await sourceSigner('lab'))],
    };
    world.publication = {
      ...world.publication,
      region: { ...region, sources: { ...region.sources, lab } },
    };
    const changes = { type: 'riskArea', fields: { place: 'CN-BJ.test', risk: 'high' } };
    await expectRefused(suite, ['', 400, 'fact-malformed', reported('b16', changes)]);
  });
});

describe('what was said before', () => {
  it.each<BadInput>([
    [
      'REQ-ISS-036 the id of another batch',
      409,
      'batch-conflict',
      async () => {
        const [first, second] = [await someone(), await someone()];
        await suite.desk.report('c1', [fact(first)]);
        const batch = await suite.desk.batch('lab', 'c1', [fact(second)]);
        return () => suite.desk.as('clerk', '/facts', { batch });
      },
    ],
    [
      'REQ-ISS-023 the id of another fact',
      409,
      'fact-conflict',
      async () => {
        const subject = await someone();
        await suite.desk.report('c2', [fact(subject)]);
        const batch = await suite.desk.batch('lab', 'c3', [
          fact(subject, { fields: { result: 'positive' } }),
        ]);
        return () => suite.desk.as('clerk', '/facts', { batch });
      },
    ],
    [
      'REQ-ISS-035 taking back what another source reported',
      404,
      'fact-unknown',
      async () => {
        const subject = await someone();
        await suite.desk.report('c4', [fact(subject)]);
        const claims = { retracts: [{ id: 'f1', subject }] };
        const batch = await suite.desk.batch('residents', 'c5', [], claims);
        return () => suite.desk.as('clerk', '/facts', { batch });
      },
    ],
    [
      'REQ-ISS-035 taking back what was never reported',
      404,
      'fact-unknown',
      async () => {
        const claims = { retracts: [{ id: 'never', subject: await someone() }] };
        const batch = await suite.desk.batch('lab', 'c6', [fact(await someone())], claims);
        return () => suite.desk.as('clerk', '/facts', { batch });
      },
    ],
  ])('%s: %i %s', async (...row) => {
    await expectRefused(suite, row);
  });
});

describe('a batch that waits for a second operator', () => {
  const held = async (id: string) => {
    const { world, desk } = suite;
    const federation = { ...world.publication.federation, intake: { adversePerHour: 0 } };
    world.publication = { ...world.publication, federation };
    const { body } = await desk.report(id, [fact(await someone(), { fields: { result: 'positive' } })]);
    return { source: 'lab', batch: id, digest: body['digest'], verdict: 'admit', reason: 'Looked at.' };
  };
  const settledBy = async (name: 'chief' | 'approver' | 'clerk', claims: object) => {
    const approval = await suite.desk.signed(name, 'intakeApproval', claims);
    return () => suite.desk.as(name, '/facts/settle', { approval });
  };

  it.each<BadInput>([
    [
      'REQ-ISS-030 let in by whoever handed it in',
      403,
      'same-operator',
      async () => {
        const { world, desk } = suite;
        const federation = { ...world.publication.federation, intake: { adversePerHour: 0 } };
        world.publication = { ...world.publication, federation };
        const facts = [fact(await someone(), { fields: { result: 'positive' } })];
        const { body } = await desk.as('chief', '/facts', { batch: await desk.batch('lab', 'd1', facts) });
        const { digest } = body;
        const claims = { source: 'lab', batch: 'd1', digest, verdict: 'admit', reason: 'Looked at.' };
        return settledBy('chief', claims);
      },
    ],
    [
      'REQ-ISS-004 let in without the role',
      403,
      'forbidden',
      async () => settledBy('clerk', await held('d2')),
    ],
    [
      'REQ-ISS-040 another batch than the one that was looked at',
      404,
      'batch-unknown',
      async () => settledBy('approver', { ...(await held('d3')), digest: 'A'.repeat(43) }),
    ],
    [
      'REQ-ISS-040 no batch',
      404,
      'batch-unknown',
      async () => settledBy('approver', { ...(await held('d4')), batch: 'none' }),
    ],
    [
      'REQ-ISS-004 with another operator’s statement',
      403,
      'forbidden',
      async () => {
        const approval = await suite.desk.signed('elder', 'intakeApproval', await held('d5'));
        return () => suite.desk.as('approver', '/facts/settle', { approval });
      },
    ],
  ])('%s: %i %s', async (...row) => {
    await expectRefused(suite, row);
  });
});
