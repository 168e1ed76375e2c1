import { issueDataIntegrity, presentTogether } from '@symbolon/credential/data-integrity';
import { IN_PERSON_AUDIENCE, type StatusClaims, windowNonce } from '@symbolon/credential/model';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import type { Signer } from '@symbolon/keys/signer';
import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from './default-policy.ts';
import { createScanner } from './scanner.ts';
import { DID, HOUR, holder, issuer, LIST, listOf, NOW, stranger, trustOf } from './testing/plain-trust.ts';
import { CARD, CLAIMS, mint, POLICY, show, TESTED, UNLISTED } from './testing/presentations.ts';
import { verify } from './verify.ts';

/** A health status and a test, shown together: `health.level == "green" && test.age < duration("48h")`. */

const BOTH: Policy = {
  ...POLICY,
  schemes: ['health', 'test'],
  accept: 'health.level == "green" && test.level == "negative" && test.age < duration("48h")',
};
const look = (shown: readonly string[], policy: Partial<Policy> = {}, trust = trustOf()) =>
  verify(shown, trust, { ...BOTH, ...policy }, NOW);
const health = () => show();
const test = (changes: Partial<StatusClaims> = {}, signer: Signer = issuer) =>
  show({ claims: { ...TESTED, ...changes }, signer });
const another = () => show({ claims: { ...TESTED, holderKey: stranger.publicJwk }, holder: stranger });

describe('statuses that are shown together', () => {
  it('REQ-ACC-003 meet the policy together, in any order, and neither alone', async () => {
    const shown = [await health(), await test()];
    const verdict = await look(shown);
    expect(verdict).toMatchObject({
      outcome: 'accepted',
      findings: [],
      statuses: [{ scheme: 'health' }, { scheme: 'test' }],
    });
    expect(await look(shown.toReversed())).toMatchObject({ outcome: 'accepted' });
    for (const alone of shown)
      expect(await look([alone])).toMatchObject({ findings: [{ code: 'policy-not-met' }] });
  });

  it('one in a list is the very same as the text alone', async () => {
    const text = await health();
    expect(await verify([text], trustOf(), POLICY, NOW)).toEqual(await verify(text, trustOf(), POLICY, NOW));
  });

  it('say of which of them each finding is', async () => {
    const suspended = await show({ claims: { ...CLAIMS, statusEntry: { idx: 2, uri: LIST } } });
    const verdict = await look([await test(), suspended]);
    expect(verdict.findings).toEqual([expect.objectContaining({ code: 'status-suspended', credential: 1 })]);
    const refused = await look([await health(), await mint()]);
    expect(refused.findings).toEqual([expect.objectContaining({ code: 'binding-missing', credential: 1 })]);
  });

  it('say once what is true of the registry, the clock and the place', async () => {
    const registry = { signedAt: addHours(NOW, -30) };
    const trust = trustOf({ beijing: { expires: NOW }, newestSignedAt: addSeconds(NOW, 31), registry });
    const { findings } = await look([await health(), await test()], {}, trust);
    expect(findings.map(({ code, credential }) => [code, credential])).toEqual([
      ['stale-warn', undefined],
      ['clock', undefined],
      ['region-expired', undefined],
    ]);
  });

  it('rest on the older of their lists', async () => {
    const other = `${LIST}-1`;
    const older = listOf([0], 2, { issuedAt: HOUR });
    const trust = trustOf({
      lists: new Map([
        [LIST, listOf([0])],
        [other, older],
      ]),
    });
    const shown = [await health(), await test({ statusEntry: { idx: 0, uri: other } })];
    for (const order of [shown, shown.toReversed()])
      expect(await look(order, {}, trust)).toMatchObject({ basis: { statusListAt: HOUR } });
  });

  it('of which one is not authentic hand nothing on', async () => {
    const verdict = await look([await health(), await test({}, stranger)]);
    expect(verdict).toMatchObject({ outcome: 'refused', reason: 'not-authentic' });
    expect(verdict).not.toHaveProperty('statuses');
  });

  it.each([[[]], [['hello']]])('REQ-DEC-005 presentation-unrecognised: %j', async (shown) => {
    expect((await look(shown)).findings).toMatchObject([{ code: 'presentation-unrecognised' }]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['an object', {}],
    ['what looks like a list', { length: 1, 0: 'x' }],
    ['bytes', new Uint8Array(3)],
    ['a text as an object', Object('x')],
    ['a list of nothing', [null]],
    ['a list of lists', [[]]],
    ['a list with a hole', Array(2)],
  ])('REQ-DEC-005 presentation-unrecognised, and no exception: %s', async (_, shown) => {
    const verdict = await verify(shown as string, trustOf(), BOTH, NOW);
    expect(new Set(verdict.findings.map(({ code }) => code))).toEqual(new Set(['presentation-unrecognised']));
    await expect(defaultPolicy(shown as string, trustOf())).resolves.toMatchObject({ schemes: ['health'] });
  });

  it('REQ-DEC-004 are no more than a policy can ask for', async () => {
    const text = await health();
    const many = Array<string>(LIMITS.shownTogether + 1).fill(text);
    expect((await look(many)).findings).toMatchObject([{ code: 'presentation-too-large' }]);
    // As many as are allowed: all of one scheme, so none of them counts.
    expect((await look(many.slice(1))).findings.map(({ code }) => code)).toEqual(['policy-not-met']);
  });
});

describe('REQ-BND-013 they belong to one holder', () => {
  it('or two people could put theirs together', async () => {
    const shown = [await health(), await another()];
    expect(await look(shown)).toMatchObject({
      outcome: 'refused',
      reason: 'not-accepted',
      findings: [{ step: 'binding', code: 'holders-differ', severity: 'not-accepted' }],
    });
    expect(await look(shown, { onSeveralHolders: 'referred' })).toMatchObject({ outcome: 'referred' });
    expect(await look(shown, { onSeveralHolders: 'accepted' })).toMatchObject({
      outcome: 'accepted',
      findings: [{ code: 'holders-differ', severity: 'info' }],
    });
  });

  it('a card beside a status with a key is asked for by its own rule', async () => {
    const card = await mint(CARD);
    expect((await look([card, await test()])).findings).toMatchObject([
      { code: 'bearer', severity: 'referred', credential: 0 },
    ]);
  });
});

describe('one JSON-LD presentation of several credentials', () => {
  const minted = (claims: StatusClaims) =>
    issueDataIntegrity({
      did: DID,
      kid: issuer.kid,
      claims,
      signer: issuer,
      random: insecureRandomFromSeed('ld'),
    });
  const window = { audience: IN_PERSON_AUDIENCE, nonce: windowNonce(NOW), now: NOW };

  it('is bound by one proof, and meets the policy', async () => {
    const credentials = [await minted(UNLISTED), await minted(TESTED)];
    const text = await presentTogether({ credentials, holder, ...window });
    const verdict = await verify(text, trustOf(), BOTH, NOW);
    expect(verdict).toMatchObject({
      outcome: 'accepted',
      statuses: [{ scheme: 'health' }, { scheme: 'test' }],
    });
    const [first, second] = 'statuses' in verdict ? verdict.statuses : [];
    expect(first?.presentationId).toBe(second?.presentationId);
    // REQ-BND-010: the scanner knows it as one showing.
    const scanner = createScanner(BOTH);
    expect(await scanner.scan(text, trustOf(), NOW)).toMatchObject({ outcome: 'accepted' });
    expect((await scanner.scan(text, trustOf(), NOW)).findings).toMatchObject([{ code: 'replayed' }]);
  });

  it('REQ-BND-002 takes none that belongs to another key, neither when it is made nor when it is read', async () => {
    const foreign = await minted({ ...TESTED, holderKey: stranger.publicJwk });
    const credentials = [await minted(UNLISTED), foreign];
    await expect(presentTogether({ credentials, holder, ...window })).rejects.toThrow(
      expect.objectContaining({ code: 'binding-signature' }),
    );
    const text = await presentTogether({ credentials: credentials.slice(0, 1), holder, ...window });
    const mixed = { ...JSON.parse(text), verifiableCredential: credentials.map((each) => JSON.parse(each)) };
    const verdict = await verify(JSON.stringify(mixed), trustOf(), BOTH, NOW);
    expect(verdict.findings).toMatchObject([{ code: 'binding-malformed' }]);
  });

  it('REQ-BND-003 none can be added, taken out or put elsewhere', async () => {
    const credentials = [await minted(UNLISTED), await minted(TESTED)];
    const text = await presentTogether({ credentials, holder, ...window });
    const shown: readonly unknown[] = JSON.parse(text).verifiableCredential;
    for (const verifiableCredential of [shown.slice(0, 1), [...shown, shown[1]]]) {
      const changed = JSON.stringify({ ...JSON.parse(text), verifiableCredential });
      const verdict = await verify(changed, trustOf(), BOTH, NOW);
      expect(verdict).toMatchObject({ reason: 'not-authentic' });
      for (const finding of verdict.findings) expect(finding.code).toBe('binding-signature');
    }
  });
});

describe('a scanner that is shown several', () => {
  it('REQ-BND-010 knows each of them again, whatever it is shown with', async () => {
    const scanner = createScanner(BOTH);
    const [one, other] = [await health(), await test()];
    await scanner.scan([one, other], trustOf(), NOW);
    const fresh = await test({ issuedAt: HOUR, level: 'positive', rule: 'positive-7d@1' });
    expect((await scanner.scan([one, fresh], trustOf(), NOW)).findings).toMatchObject([{ code: 'replayed' }]);
  });
});

describe('the policy for whoever has none', () => {
  it('asks for a favourable level of everything that is shown', async () => {
    const shown = [await health(), await test()];
    const policy = await defaultPolicy(shown, trustOf());
    expect(policy.schemes).toEqual(['health', 'test']);
    expect(await verify(shown, trustOf(), policy, NOW)).toMatchObject({ outcome: 'accepted' });
    const positive = [await health(), await test({ level: 'positive', rule: 'positive-7d@1' })];
    expect(await verify(positive, trustOf(), policy, NOW)).toMatchObject({ reason: 'not-accepted' });
  });
});
