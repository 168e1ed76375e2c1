import type { Signer } from '@symbolon/keys/signer';
import { sampleRecognition } from '@symbolon/local/sample/recognition';
import { sampleRegion } from '@symbolon/local/sample/regions';
import { sampleRules } from '@symbolon/local/sample/rules';
import { addHours, formatInstant, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { jsonFile } from '@symbolon/registry/json-file';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectAccepted, expectNotAccepted, expectNotAuthentic } from '../support/expect-verdict.ts';
import {
  authorityOf,
  type FederationFixture,
  keysFile,
  publishedKeys,
  publishUpdate,
  seededSigner,
} from '../support/federation-fixture.ts';
import { after, gateOf, type LoggedFederation, loggedFederation } from '../support/logged-federation.ts';
import type { RegistryLogWorld } from '../support/registry-log.ts';
import { attacker, SIGNED_AT } from '../support/verifier-federation.ts';
import { show, UNLISTED } from '../support/verifier-showings.ts';

/** Attack stories on the roles of a region: the admins' threshold can give them to other keys, but not without everyone seeing it for days. */

let federation: LoggedFederation;
let fixture: FederationFixture;
let world: RegistryLogWorld;
let second: Signer;

beforeEach(async () => {
  federation = await loggedFederation();
  ({ fixture, world } = federation);
  second = await seededSigner('a second attacker');
});

/** The admins hand Beijing's roles over. */
async function delegate(
  at: Instant,
  roles: {
    readonly admins?: readonly Signer[];
    readonly threshold?: number;
    readonly keys?: readonly Signer[];
  },
  signKeys: readonly Signer[] = roles.keys?.slice(0, 1) ?? [],
  signRegion: readonly Signer[] = roles.admins ?? [],
): Promise<void> {
  const { admins, keys } = fixture.regions['CN-BJ'];
  const delegation = {
    region: 'CN-BJ',
    admins: authorityOf(roles.admins ?? admins, roles.threshold ?? 2),
    keys: authorityOf(roles.keys ?? [keys], 1),
  };
  const put = keysFile('CN-BJ', publishedKeys(fixture.regions['CN-BJ'], SIGNED_AT));
  await publishUpdate(fixture, at, async (draft) => {
    const handed = await updateRole(draft, { role: 'targets', delegate: [delegation] }, fixture.admins, at);
    const keyed =
      signKeys.length === 0 ? handed : await updateRole(handed, { role: 'CN-BJ.keys', put }, signKeys, at);
    return signRegion.length === 0
      ? keyed
      : updateRole(
          keyed,
          {
            role: 'CN-BJ',
            put: new Map([['regions/CN-BJ/rules.test.json', jsonFile(sampleRules('CN-BJ', 'test'))]]),
          },
          signRegion,
          at,
        );
  });
  await federation.logger.log(at);
}

const malformedAt = async (now: Instant) => (await federation.openedAt(now)).trust.registry.malformedRegions;

describe('REQ-LOG-018 a role whose keys the admins replaced without their lead', () => {
  it('makes its region unusable, also for a verifier that knows nothing but this bundle', async () => {
    await delegate(after(1), { keys: [attacker] });
    expect(await malformedAt(after(2))).toEqual({ 'CN-BJ': 'role-without-lead' });
    const gate = gateOf(await federation.openedAt(after(2)), after(2));
    await expectNotAuthentic(await federation.shownAt(after(2)), gate, 'issuer-unknown');
  });

  it('the same for the region’s own role', async () => {
    await delegate(after(1), { admins: [attacker, second] });
    expect(await malformedAt(after(2))).toEqual({ 'CN-BJ': 'role-without-lead' });
  });

  it('one old key with one new one is not two that count', async () => {
    const [a] = fixture.regions['CN-BJ'].admins;
    if (a === undefined) throw new TypeError('no admin');
    await delegate(after(1), { admins: [a, attacker] });
    expect(await malformedAt(after(2))).toEqual({ 'CN-BJ': 'role-without-lead' });
  });

  it('takes effect once everyone could see it for the lead', async () => {
    await delegate(after(1), { keys: [attacker] });
    for (const hours of [2, 24, 48, 72, 96]) await world.anchor(after(hours));
    expect(await malformedAt(after(96))).toEqual({ 'CN-BJ': 'role-without-lead' });
    expect(await malformedAt(after(97))).toEqual({});
  });

  it('gains nothing by a publication that is not in the log yet', async () => {
    const json = await world.json(after(2));
    await delegate(after(3), { keys: [attacker] });
    const { trust } = await federation.openedAt(after(3), { json });
    expect(trust.registry.malformedRegions).toEqual({ 'CN-BJ': 'role-without-lead' });
  });

  it('a new key beside old ones that are enough changes nothing', async () => {
    const { admins, keys } = fixture.regions['CN-BJ'];
    await delegate(
      after(1),
      { admins: [...admins, attacker], keys: [keys, second] },
      [keys],
      admins.slice(1),
    );
    expect(await malformedAt(after(2))).toEqual({});
    await expectAccepted(
      await federation.shownAt(after(2)),
      gateOf(await federation.openedAt(after(2)), after(2)),
    );
  });
});

describe('REQ-LOG-018 a region that joins', () => {
  const region = 'CN-ZZ';
  const signers = () => authorityOf([attacker]);
  const words = { en: 'A new region', zh: '新地区' };
  const join = (at: Instant) =>
    publishUpdate(fixture, at, async (draft) => {
      const delegated = await updateRole(
        draft,
        { role: 'targets', delegate: [{ region, admins: signers(), keys: signers() }] },
        fixture.admins,
        at,
      );
      const { operators: _, ...own } = {
        operators: 0,
        ...sampleRegion('CN-BJ', { endpoint: 'https://zz.example', operators: {} }),
      };
      const file = { ...own, region, names: words, issuer: 'https://zz.example', did: 'did:web:zz.example' };
      const put = new Map([
        [`regions/${region}/region.json`, jsonFile(file)],
        [`regions/${region}/recognition.json`, jsonFile({ ...sampleRecognition('CN-BJ'), region })],
      ]);
      const signed = await updateRole(delegated, { role: region, put }, [attacker], at);
      return updateRole(signed, { role: `${region}.keys`, put: keysFile(region, []) }, [attacker], at);
    });

  it('is usable at once: its first keys have no lead to show', async () => {
    await join(after(1));
    await federation.logger.log(after(1));
    const { trust } = await federation.openedAt(after(2));
    expect(trust.registry.malformedRegions).toEqual({});
    expect(Object.keys(trust.registry.regions)).toContain(region);
  });

  it('without the word of the log that they are the first, they wait', async () => {
    await join(after(1));
    await federation.logger.log(after(1), { items: [] });
    expect(await malformedAt(after(2))).toEqual({ [region]: 'role-without-lead' });
  });
});

describe('REQ-RUL-010 a rule that is published without its lead', () => {
  async function publishRule(at: Instant, from: Instant): Promise<void> {
    const set = sampleRules('CN-BJ', 'health');
    const clear = set.rules.filter(({ id }) => id === 'clear');
    const fresh = clear.map((rule) => ({ ...rule, id: 'sudden', from: formatInstant(from) }));
    const winter = clear.map((rule) => ({
      ...rule,
      id: 'winter',
      sunset: formatInstant(addHours(SIGNED_AT, 0 - 61 / 60)),
    }));
    const put = new Map([
      ['regions/CN-BJ/rules.health.json', jsonFile({ ...set, rules: [...set.rules, ...winter, ...fresh] })],
    ]);
    const { admins } = fixture.regions['CN-BJ'];
    await publishUpdate(fixture, at, (draft) =>
      updateRole(draft, { role: 'CN-BJ', put }, admins.slice(1), at),
    );
    await federation.logger.log(at);
  }
  const shownBy = (now: Instant) => {
    const issuedAt = hourFloor(now);
    const claims = { ...UNLISTED, rule: 'sudden@1', issuedAt, expiresAt: addHours(issuedAt, 6) };
    return show(fixture, { claims, at: now });
  };

  it('decides nothing before, for a verifier that knows nothing but this bundle', async () => {
    await publishRule(after(1), addHours(hourFloor(after(1)), -48));
    const early = gateOf(await federation.openedAt(after(2)), after(2));
    await expectNotAccepted(await shownBy(after(2)), early, 'rule-without-lead');
    await expectAccepted(await federation.shownAt(after(2)), early);
    await federation.renew(after(26));
    await expectAccepted(await shownBy(after(26)), gateOf(await federation.openedAt(after(26)), after(26)));
  });
});
