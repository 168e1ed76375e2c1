import type { StatusClaims } from '@symbolon/credential/model';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import type { SampleRegion } from '@symbolon/local/sample/regions';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Recognition } from '@symbolon/protocol/schemas/region';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { jsonFile } from '@symbolon/registry/json-file';
import type { Trust } from '@symbolon/verifier/trust';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccepted,
  expectNotAccepted,
  expectNotAuthentic,
  type Gate,
  summary,
  verdictAt,
} from '../support/expect-verdict.ts';
import { type FederationFixture, publishUpdate } from '../support/federation-fixture.ts';
import { foundFederation, GATE, NOW, openedFrom, SIGNED_AT } from '../support/verifier-federation.ts';
import { mintJsonLd, presentJsonLd } from '../support/verifier-json-ld.ts';
import { bind, mint, reissue, show, UNLISTED } from '../support/verifier-showings.ts';

/**
 * Attack stories (style, 22) on statuses that came by way of another region (`via`): someone goes abroad with an amber status and comes back with a green
 * one. The region that exchanged it takes part: it signs what it must not.
 */

let fixture: FederationFixture;
let trust: Trust;

beforeAll(async () => {
  fixture = await foundFederation();
  ({ trust } = await openedFrom(fixture));
});

const at = (region: string, changes: Partial<Policy> = {}, here: Trust = trust): Gate => ({
  trust: here,
  policy: { ...GATE, region, ...changes },
  now: NOW,
});
const exchanged = (via: string, by: SampleRegion, claims: Partial<StatusClaims> = {}) =>
  show(fixture, { claims: { ...UNLISTED, via, ...claims }, region: by });

describe('REQ-REC-007 recognition-loop', () => {
  it.each<[string, SampleRegion, string, string]>([
    ['a status of the gate’s own region, mended by another', 'CN-GD', 'CN-BJ', 'CN-BJ'],
    ['the same, in a group', 'CN-HA', 'CN-BJ', 'CN-BJ'],
    ['the same, where all are recognised', 'CN-BJ', 'CN-GD', 'CN-GD'],
    ['one that a region exchanged for its own', 'CN-BJ', 'CN-BJ', 'CN-GD'],
    ['the same, at home', 'CN-BJ', 'CN-BJ', 'CN-BJ'],
  ])('%s', async (_, by, via, gate) => {
    await expectAccepted(await show(fixture, { claims: UNLISTED, region: by }), at(gate));
    await expectNotAccepted(await exchanged(via, by), at(gate), 'recognition-loop', 'policy-not-met');
    // Nothing helps: neither a policy that takes every level, nor one that only refuses some.
    for (const accept of ['health.level in ["green", "amber", "red"]', 'health.level != "red"'])
      await expectNotAccepted(
        await exchanged(via, by),
        at(gate, { accept }),
        'recognition-loop',
        'policy-not-met',
      );
    // And what asks for no status at all takes none for this one either.
    await expectNotAccepted(
      await exchanged(via, by),
      at(gate, { accept: '!health.present' }),
      'recognition-loop',
    );
  });

  it('in JSON-LD', async () => {
    const { credential } = fixture.regions['CN-GD'];
    const did = 'did:web:cn-gd.symbolon.test';
    const straight = await presentJsonLd(await mintJsonLd(credential, UNLISTED, did));
    await expectAccepted(straight, at('CN-BJ'));
    const round = await presentJsonLd(await mintJsonLd(credential, { ...UNLISTED, via: 'CN-BJ' }, did));
    await expectNotAccepted(round, at('CN-BJ'), 'recognition-loop', 'policy-not-met');
  });

  it('beside a good one it spoils the whole', async () => {
    const good = await show(fixture, { claims: UNLISTED, region: 'CN-HA' });
    const both = [good, await exchanged('CN-BJ', 'CN-GD')];
    await expectNotAccepted(both, at('CN-BJ'), 'recognition-loop');
  });

  it.each(['CN-BJ.', 'CN-BJ.keys', ' CN-BJ', 'CN-BJ\u0000', 'CN-\u0412J', '', 'CN-BJ/CN-HA'])(
    'REQ-DEC-021 the name of the region in another spelling: %j',
    async (via) => {
      const payload = (claims: Record<string, unknown>) => ({ ...claims, via });
      const { credential } = fixture.regions['CN-GD'];
      const straight = discloseSdJwt(await mint(fixture, { claims: UNLISTED, region: 'CN-GD' }), []);
      await expectAccepted(await bind(straight), at('CN-BJ'));
      const odd = await reissue(straight, { payload, signer: credential });
      await expectNotAuthentic(await bind(odd), at('CN-BJ'), 'claims-malformed');
    },
  );
});

describe('a status that came by way of a third region', () => {
  it('counts, and says so: the verdict names the way', async () => {
    const verdict = await expectAccepted(await exchanged('CN-HA', 'CN-GD'), at('CN-BJ'));
    expect(verdict).toMatchObject({ statuses: [{ region: 'CN-GD', via: 'CN-HA', countsAs: 'green' }] });
  });

  it.each(['CN-XX', 'cn-bj'])(
    'that nobody knows (%s): the region that signed it answers for it',
    async (via) => {
      const verdict = await expectAccepted(await exchanged(via, 'CN-GD'), at('CN-BJ'));
      expect(verdict).toMatchObject({ statuses: [{ region: 'CN-GD', via }] });
    },
  );
});

describe('a map of levels that improves what it maps', () => {
  /** Guangdong takes Beijing's amber for green, and says so in its signed recognition file. */
  async function generous(region: SampleRegion, health: Recognition['schemes'][string]): Promise<Trust> {
    const changed = await foundFederation();
    const put = new Map([[`regions/${region}/recognition.json`, jsonFile({ region, schemes: { health } })]]);
    const { admins } = changed.regions[region];
    await publishUpdate(changed, SIGNED_AT, (draft) =>
      updateRole(draft, { role: region, put }, [...admins], SIGNED_AT),
    );
    return (await openedFrom(changed)).trust;
  }

  const amber: Partial<StatusClaims> = { level: 'amber', rule: 'secondary-contact-7d@1' };

  it('over one hop is that region’s own word, for its own gates only', async () => {
    const here = await generous('CN-GD', [{ from: { all: true }, levels: { amber: 'green' } }]);
    const text = await show(fixture, { claims: { ...UNLISTED, ...amber } });
    const verdict = await expectAccepted(text, at('CN-GD', {}, here));
    expect(verdict).toMatchObject({ statuses: [{ level: 'amber', countsAs: 'green' }] });
    await expectNotAccepted(text, at('CN-HA', {}, here), 'policy-not-met');
    await expectNotAccepted(text, at('CN-BJ', {}, here), 'policy-not-met');
  });

  it('over two hops comes home: REQ-REC-007', async () => {
    const here = await generous('CN-GD', [{ from: { all: true }, levels: { amber: 'green' } }]);
    const mended = await exchanged('CN-BJ', 'CN-GD');
    await expectNotAccepted(mended, at('CN-BJ', {}, here), 'recognition-loop', 'policy-not-met');
  });

  it('over two hops at a third region is not stopped here, and is seen: the exchange must not improve it', async () => {
    const here = await generous('CN-GD', [{ from: { all: true }, levels: { amber: 'green' } }]);
    // Said openly in docs/spec/threats.md: a verifier sees one hop, and takes the word of a region that it recognises.
    const verdict = await expectAccepted(await exchanged('CN-BJ', 'CN-GD'), at('CN-HA', {}, here));
    expect(verdict).toMatchObject({ statuses: [{ region: 'CN-GD', via: 'CN-BJ', level: 'green' }] });
  });

  it('is not gone through twice: a level counts as what one entry says, not as what that counts as again', async () => {
    const here = await generous('CN-BJ', [
      { from: { region: 'CN-GD' }, levels: { red: 'amber', amber: 'green' } },
      { from: { all: true }, levels: { red: 'green', amber: 'green', green: 'green' } },
    ]);
    const red = await show(fixture, {
      claims: { ...UNLISTED, level: 'red', rule: 'close-contact-5d@1' },
      region: 'CN-GD',
    });
    const verdict = await verdictAt(red, at('CN-BJ', {}, here));
    expect(summary(verdict)).toEqual({ outcome: 'not-accepted', codes: ['policy-not-met'] });
    expect(verdict).toMatchObject({ statuses: [{ level: 'red', countsAs: 'amber' }] });
    // The first entry that covers it decides, also by not having the level.
    const green = await show(fixture, { claims: UNLISTED, region: 'CN-GD' });
    await expectNotAccepted(green, at('CN-BJ', {}, here), 'level-not-mapped', 'policy-not-met');
  });
});

describe('names that every object inherits, in every map that is read', () => {
  const INHERITED = ['constructor', 'valueof', 'tostring', 'hasownproperty'];

  /** Beijing's files as its own admins sign them, with such names wherever a name can stand. */
  async function opened(): Promise<{ fixture: FederationFixture; trust: Trust }> {
    const changed = await foundFederation();
    const { admins } = changed.regions['CN-GD'];
    const levels = Object.fromEntries(INHERITED.map((name) => [name, 'green']));
    const entries = [
      ...INHERITED.map((group) => ({ from: { group }, levels: { green: 'green' } })),
      { from: { region: 'constructor' }, levels: { green: 'green' } },
      { from: { region: 'CN-HA' }, levels },
    ];
    const schemes = { health: entries, ...Object.fromEntries(INHERITED.map((name) => [name, entries])) };
    const put = new Map([['regions/CN-GD/recognition.json', jsonFile({ region: 'CN-GD', schemes })]]);
    await publishUpdate(changed, SIGNED_AT, (draft) =>
      updateRole(draft, { role: 'CN-GD', put }, [...admins], SIGNED_AT),
    );
    return { fixture: changed, trust: (await openedFrom(changed)).trust };
  }

  it('REQ-REC-003 a group called constructor has nobody in it', async () => {
    const here = await opened();
    const text = await show(here.fixture, { claims: UNLISTED });
    await expectNotAccepted(text, at('CN-GD', {}, here.trust), 'not-recognised', 'policy-not-met');
  });

  it('REQ-REC-002 REQ-REC-004 a map that names constructor maps nothing else', async () => {
    const here = await opened();
    const text = await show(here.fixture, { claims: UNLISTED, region: 'CN-HA' });
    await expectNotAccepted(text, at('CN-GD', {}, here.trust), 'level-not-mapped', 'policy-not-met');
    for (const level of INHERITED) {
      const odd = await show(here.fixture, { claims: { ...UNLISTED, level }, region: 'CN-HA' });
      await expectNotAccepted(
        odd,
        at('CN-GD', {}, here.trust),
        'rule-level',
        'level-unknown',
        'policy-not-met',
      );
    }
  });

  it('REQ-REC-001 a scheme of that name is none, though a region recognises it', async () => {
    const here = await opened();
    for (const scheme of INHERITED) {
      const text = await show(here.fixture, { claims: { ...UNLISTED, scheme } });
      await expectNotAuthentic(text, at('CN-GD', {}, here.trust), 'scheme-unknown');
    }
  });

  it('REQ-ACC-004 a policy that asks for one is the verifier’s mistake', async () => {
    const text = await show(fixture, { claims: UNLISTED });
    for (const scheme of [...INHERITED, '__proto__', 'toString']) {
      const gate = at('CN-GD', { schemes: [scheme] });
      await expect(verdictAt(text, gate)).rejects.toMatchObject({ code: 'policy-malformed' });
    }
    for (const accept of [
      'health.constructor == "x"',
      'constructor.name == "x"',
      '__proto__ == "x"',
      'health["level"] == "green"',
    ]) {
      await expect(verdictAt(text, at('CN-GD', { accept }))).rejects.toMatchObject({
        code: 'policy-malformed',
      });
    }
  });

  it('and nothing that was read has changed what objects inherit', async () => {
    await opened();
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Reflect.get({}, 'green')).toBeUndefined();
    expect(Reflect.get({}, 'level')).toBeUndefined();
  });
});
