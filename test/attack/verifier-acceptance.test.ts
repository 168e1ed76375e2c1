import type { StatusClaims } from '@symbolon/credential/model';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import type { SampleRegion } from '@symbolon/local/sample/regions';
import { addHours } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Recognition } from '@symbolon/protocol/schemas/region';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { jsonFile } from '@symbolon/registry/json-file';
import type { Trust } from '@symbolon/verifier/trust';
import { verify } from '@symbolon/verifier/verify';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccepted,
  expectNotAccepted,
  expectNotAuthentic,
  expectReferred,
  type Gate,
  summary,
  verdictAt,
} from '../support/expect-verdict.ts';
import { type FederationFixture, publishUpdate } from '../support/federation-fixture.ts';
import {
  attacker,
  foundFederation,
  GATE,
  ISSUED,
  NOW,
  openedFrom,
  SIGNED_AT,
  TEST_GATE,
} from '../support/verifier-federation.ts';
import { bind, CLAIMS, mint, reissue, show, TESTED, UNLISTED } from '../support/verifier-showings.ts';

/** Attack stories (style, 22) on rules, recognition and acceptance: valid keys, and still not what it says it is. */

let fixture: FederationFixture;
let trust: Trust;
let gate: Gate;

beforeAll(async () => {
  fixture = await foundFederation();
  ({ trust } = await openedFrom(fixture));
  gate = { trust, policy: GATE, now: NOW };
});

const shown = (changes: Partial<StatusClaims>, region: SampleRegion = 'CN-BJ') =>
  show(fixture, { claims: { ...UNLISTED, ...changes }, region });
const at = (policy: Partial<Policy>): Gate => ({ ...gate, policy: { ...GATE, ...policy } });
const ANY: Partial<Policy> = { accept: 'health.level in ["green", "amber", "red"]' };

describe('the rule', () => {
  it.each<[string, Partial<StatusClaims>, readonly string[]]>([
    ['REQ-RUL-001 a rule about bank deposits', { level: 'red', rule: 'deposits@1' }, ['rule-unknown']],
    ['REQ-RUL-001 a version that is not published', { rule: 'clear@2' }, ['rule-unknown']],
    ['REQ-RUL-001 a rule of another scheme', { rule: 'test-negative-3d@1' }, ['rule-unknown']],
    ['REQ-RUL-001 a rule of another region', { level: 'red', rule: 'close-contact-5d@1' }, ['rule-unknown']],
    ['REQ-RUL-002 a rule that has ended', { rule: 'winter@1' }, ['rule-not-in-force']],
    ['REQ-RUL-003 a red that the rule does not give', { level: 'red' }, ['rule-level']],
    ['REQ-RUL-004 an office that is not listed', { authority: 'police' }, ['authority-unknown']],
    ['REQ-RUL-004 an office that this rule is not for', { authority: 'transport' }, ['authority-unknown']],
    ['two of these at once', { level: 'amber', authority: 'transport' }, ['rule-level', 'authority-unknown']],
  ])('%s', async (_, changes, codes) => {
    await expectAccepted(await shown({}), at(ANY));
    await expectNotAccepted(await shown(changes), at(ANY), ...codes);
  });

  it('REQ-RUL-002 had it not ended, it would do', async () => {
    const before = { issuedAt: addHours(ISSUED, -1), expiresAt: addHours(ISSUED, 5), rule: 'winter@1' };
    await expectAccepted(await shown(before), gate);
  });
});

describe('recognition', () => {
  /** The same federation, with what one region recognises replaced by its own admins. */
  async function recognising(region: SampleRegion, health: Recognition['schemes'][string]): Promise<Gate> {
    const changed = await foundFederation();
    const file = jsonFile({ region, schemes: { health } });
    const put = new Map([[`regions/${region}/recognition.json`, file]]);
    const { admins } = changed.regions[region];
    await publishUpdate(changed, SIGNED_AT, (draft) =>
      updateRole(draft, { role: region, put }, [...admins], SIGNED_AT),
    );
    return { ...gate, trust: (await openedFrom(changed)).trust };
  }

  it('REQ-REC-003 a region that is not recognised', async () => {
    await expectAccepted(await shown({}), gate);
    const there = await recognising('CN-GD', [{ from: { region: 'CN-HA' }, levels: { green: 'green' } }]);
    await expectNotAccepted(await shown({}), there, 'not-recognised', 'policy-not-met');
    await expectAccepted(await shown({}, 'CN-HA'), there);
  });

  it('REQ-REC-004 a level that counts as another here, or as none', async () => {
    const inBeijing = at({ region: 'CN-BJ', accept: 'health.level == "amber"' });
    const amber = { level: 'amber', rule: 'secondary-contact-3d@1' };
    const contact = { level: 'amber', rule: 'secondary-contact-7d@1' };
    await expectAccepted(await shown(contact), inBeijing);
    const verdict = await verdictAt(await shown(amber, 'CN-GD'), inBeijing);
    expect(summary(verdict)).toEqual({ outcome: 'not-accepted', codes: ['policy-not-met'] });
    expect(verdict).toMatchObject({ statuses: [{ level: 'amber', countsAs: 'red' }] });
    const there = await recognising('CN-GD', [{ from: { all: true }, levels: { green: 'green' } }]);
    await expectAccepted(await shown({}), there);
    await expectNotAccepted(await shown(contact), there, 'level-not-mapped', 'policy-not-met');
  });

  it('REQ-REC-004 a level that no scheme has does not slip past a policy that names what it refuses', async () => {
    const there = await recognising('CN-GD', [
      { from: { all: true }, levels: { green: 'green', red: 'rouge' } },
    ]);
    const policy = { ...GATE, accept: 'health.level != "red"' };
    await expectAccepted(await shown({}), { ...there, policy });
    const red = { level: 'red', rule: 'close-contact-7d@1' };
    await expectNotAccepted(await shown(red), { ...there, policy }, 'level-not-mapped', 'policy-not-met');
  });

  it('REQ-REC-005 a condition that is not met', async () => {
    const inHenan = at({ region: 'CN-HA' });
    await expectAccepted(await shown({ authority: 'cdc' }, 'CN-GD'), inHenan);
    await expectNotAccepted(
      await shown({ authority: 'community' }, 'CN-GD'),
      inHenan,
      'recognition-condition',
      'policy-not-met',
    );
    // Beijing is in Henan's group, of which nothing is asked.
    await expectAccepted(await shown({ authority: 'community' }), inHenan);
  });

  it('REQ-REC-005 a sample that is too old, to the hour, or of no known age', async () => {
    const forTests = { ...gate, policy: TEST_GATE };
    const sampled = (hours: number) => ({ ...TESTED, sampledAt: addHours(ISSUED, -hours) });
    await expectAccepted(await show(fixture, { claims: sampled(70) }), forTests);
    const tooOld = await show(fixture, { claims: sampled(71) });
    await expectNotAccepted(tooOld, forTests, 'recognition-condition', 'policy-not-met');
    const { sampledAt: _, ...unknown } = TESTED;
    const undated = await show(fixture, { claims: unknown });
    await expectNotAccepted(undated, forTests, 'recognition-condition', 'policy-not-met');
  });

  it('REQ-REC-006 a gate whose own region is not in the registry leaves it to a person', async () => {
    await expectAccepted(await shown({}), gate);
    await expectReferred(await shown({}), at({ region: 'CN-XX' }), 'recognition-missing');
  });
});

describe('acceptance', () => {
  it('REQ-ACC-001 for a purpose that the scheme does not list', async () => {
    await expectAccepted(await shown({}), gate);
    await expectNotAccepted(await shown({}), at({ purpose: 'concert' }), 'purpose-not-listed');
    await expectNotAccepted(await shown({}), at({ purpose: 'hospital-visit' }), 'purpose-not-listed');
  });

  it('REQ-ACC-002 what was not asked for', async () => {
    const text = await show(fixture, { claims: TESTED });
    await expectAccepted(text, { ...gate, policy: TEST_GATE });
    await expectNotAccepted(text, at({ accept: 'true' }), 'scheme-not-asked');
  });

  it('REQ-ACC-003 what the policy of the place does not accept, and says so together with what was shown', async () => {
    await expectAccepted(await shown({}), gate);
    const red = { level: 'red', rule: 'close-contact-7d@1' };
    await expectAccepted(await shown(red), at({ accept: 'health.level == "red"' }));
    await expectNotAccepted(await shown(red), gate, 'policy-not-met');
    const both = at({
      schemes: ['health', 'test'],
      accept: 'health.level == "green" && test.level == "negative"',
    });
    await expectNotAccepted(await shown({}), both, 'policy-not-met');
  });
});

describe('names that every object inherits', () => {
  it.each<[string, Partial<StatusClaims>, readonly string[]]>([
    ['a level', { level: 'constructor' }, ['rule-level', 'level-unknown', 'policy-not-met']],
    ['an authority', { authority: 'constructor' }, ['authority-unknown']],
    ['a rule', { rule: 'constructor@1' }, ['rule-unknown']],
  ])('%s called constructor is none', async (_, changes, codes) => {
    await expectAccepted(await shown({}), gate);
    await expectNotAccepted(await shown(changes), gate, ...codes);
  });

  it('a scheme called constructor is none', async () => {
    await expectAccepted(await shown({}), gate);
    await expectNotAuthentic(await shown({ scheme: 'constructor' }), gate, 'scheme-unknown');
    await expectNotAuthentic(await shown({ scheme: 'valueof' }), gate, 'scheme-unknown');
  });

  it('a region called constructor is none', async () => {
    await expectAccepted(await shown({ via: 'constructor' }), gate);
    for (const region of ['constructor', 'toString'])
      await expectReferred(await shown({}), at({ region }), 'recognition-missing');
    const { trust, policy, now } = at({ region: '__proto__' });
    await expect(verify(await shown({}), trust, policy, now)).rejects.toMatchObject({
      code: 'policy-malformed',
      path: 'region',
    });
  });

  it.each(['level', 'authority', 'rule', 'assurance', 'vct', 'via'])(
    '%s called __proto__ or toString has not the form of a name',
    async (name) => {
      const { credential } = fixture.regions['CN-BJ'];
      const honest = discloseSdJwt(await mint(fixture, { claims: CLAIMS }), []);
      await expectAccepted(await bind(honest), gate);
      for (const value of ['__proto__', 'toString', 'urn:symbolon:__proto__:1', 'hasOwnProperty']) {
        // A region's id may be almost any word.
        if (name === 'via' && !value.includes('_') && !value.includes(':')) continue;
        for (const signer of [credential, attacker]) {
          const text = await reissue(honest, { payload: (claims) => ({ ...claims, [name]: value }), signer });
          await expectNotAuthentic(await bind(text), gate, 'claims-malformed');
        }
      }
    },
  );

  it('REQ-DEC-014 a claim called __proto__, in whatever spelling', async () => {
    const { credential } = fixture.regions['CN-BJ'];
    const honest = discloseSdJwt(await mint(fixture), []);
    for (const name of ['__proto__', '\\u005f_proto__']) {
      const [header, payload = '', signature] = (honest.split('~')[0] ?? '').split('.');
      const json = Buffer.from(payload, 'base64url').toString();
      const body = Buffer.from(json.replace('{', `{"${name}":{"level":"green"},`)).toString('base64url');
      await expectNotAuthentic(`${header}.${body}.${signature}~`, gate, 'json-duplicate-name');
    }
    await expectAccepted(await bind(await reissue(honest, { signer: credential })), gate);
  });
});
