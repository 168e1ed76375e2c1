import type { Signer } from '@symbolon/keys/signer';
import { utf8 } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { writeBundle } from '@symbolon/registry/bundle';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { openTrust } from '@symbolon/verifier/open-trust';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectAccepted, expectNotAuthentic, expectReferred } from '../support/expect-verdict.ts';
import {
  type FederationFixture,
  keysFile,
  publishedKeys,
  publishUpdate,
} from '../support/federation-fixture.ts';
import { republishForged, signedOf } from '../support/forged-registry.ts';
import {
  after,
  gateOf,
  type LoggedFederation,
  loggedFederation,
  type Opening,
} from '../support/logged-federation.ts';
import { type LogJson, RegistryLogWorld } from '../support/registry-log.ts';
import { attacker, foundFederation, SIGNED_AT } from '../support/verifier-federation.ts';

/** Attack stories on the log of the registry's publications: what its proof in a bundle is worth, to a verifier without a past and to one with. */

let federation: LoggedFederation;
let fixture: FederationFixture;
let world: RegistryLogWorld;

beforeEach(async () => {
  federation = await loggedFederation();
  ({ fixture, world } = federation);
});

const publish = (now: Instant) => publishUpdate(fixture, now, async (draft) => draft);
const openedAt = (now: Instant, opening?: Opening) => federation.openedAt(now, opening);
const shownAt = (now: Instant, signer?: Signer) => federation.shownAt(now, signer);

async function expectLog(opening: Opening, now = after(1)): Promise<void> {
  await expectReferred(await shownAt(now), gateOf(await openedAt(now, opening), now), 'registry-unlogged');
}

/** Publishes keys of Beijing, with the attacker's among them. */
async function publishKeys(at: Instant, notBefore: Instant, signer = fixture.regions['CN-BJ'].keys) {
  const usual = publishedKeys(fixture.regions['CN-BJ'], SIGNED_AT);
  const evil = {
    signer: attacker,
    use: 'credential' as const,
    notBefore,
    notAfter: addHours(notBefore, 30 * 24),
  };
  await publishUpdate(fixture, at, (draft) =>
    updateRole(draft, { role: 'CN-BJ.keys', put: keysFile('CN-BJ', [...usual, evil]) }, [signer], at),
  );
}

describe('REQ-LOG-017 a registry whose version is proven to be in its log', () => {
  it('is accepted without a word', async () => {
    const opened = await openedAt(after(1));
    expect(opened.trust.registryLog).toEqual({ is: 'proven', witnessedAt: after(1) });
    await expectAccepted(await shownAt(after(1)), gateOf(opened, after(1)));
  });

  it('two of three witnesses are enough', async () => {
    const json = await world.json(after(1), { witnesses: 2 });
    await expectAccepted(await shownAt(after(1)), gateOf(await openedAt(after(1), { json }), after(1)));
  });

  it('REQ-LOG-018 what the log began with has no lead to show', async () => {
    const { trust } = await openedAt(after(1));
    expect(trust.registry.malformedRegions).toEqual({});
    for (const { lateKeys, lateRules } of Object.values(trust.registry.regions))
      expect([lateKeys, lateRules]).toEqual([{}, {}]);
  });

  it('a federation without a log asks for no proof', async () => {
    const plain = await foundFederation();
    const bundle = await writeBundle(await collectBundle({ read: plain.files }));
    const { trust, state } = await openTrust({ bundle, pinnedRoot: plain.pinnedRoot, now: after(1) });
    expect([trust.registryLog, state.logAnchor]).toEqual([undefined, undefined]);
    await expectAccepted(await shownAt(after(1)), gateOf({ trust, state }, after(1)));
  });
});

describe('REQ-LOG-017 a publication that is not in the log', () => {
  it('by the holder of the online keys alone is referred, once the log went on without it', async () => {
    const files = await republishForged(fixture.files, [], fixture);
    const opened = await openedAt(after(2), { files });
    expect(opened.trust.registryLog).toMatchObject({ is: 'unproven' });
    await expectReferred(await shownAt(after(2)), gateOf(opened, after(2)), 'registry-unlogged');
  });

  it('with the version of a logged one, and other content, is referred at once', async () => {
    const timestamp = signedOf(fixture.files.get('metadata/timestamp.json'));
    const forged = await republishForged(fixture.files, [], fixture, {
      snapshot: (signed) => ({
        ...signed,
        version: Number(signed['version']) - 1,
        expires: '2026-12-01T00:00:00Z',
      }),
      timestamp: (signed) => ({ ...signed, version: Number(timestamp['version']) + 1 }),
    });
    const opened = await openedAt(after(1), { files: forged });
    expect(opened.trust.registryLog).toEqual({ is: 'invalid', reason: 'registry-unlogged' });
    await expectReferred(await shownAt(after(1)), gateOf(opened, after(1)), 'registry-unlogged');
  });

  it('that is younger than what the witnesses saw last is warned of, and referred when they stay away', async () => {
    const json = await world.json(after(2));
    await publish(after(3));
    const opened = await openedAt(after(3), { json });
    const gateAt = (hours: number) => gateOf(opened, after(hours));
    await expectAccepted(await shownAt(after(3)), gateAt(3), 'registry-unlogged');
    await expectAccepted(await shownAt(after(20)), gateAt(20), 'registry-unlogged');
    // From the last time that the witnesses saw anything.
    await expectAccepted(await shownAt(after(97)), gateAt(97), 'stale-warn', 'registry-unlogged');
    await expectReferred(await shownAt(after(98)), gateAt(98), 'stale-warn', 'registry-unlogged');
  });

  it('that the witnesses should have seen for an hour is referred', async () => {
    await publish(after(3));
    const json = await world.json(addSeconds(after(4), -1));
    await expectAccepted(
      await shownAt(after(4)),
      gateOf(await openedAt(after(4), { json }), after(4)),
      'registry-unlogged',
    );
    await expectLog({ json: await world.json(after(4)) }, after(4));
  });

  it('that says no time, or one that is to come, gains nothing', async () => {
    for (const publication of [undefined, { at: '2027-01-01T00:00:00Z' }]) {
      const files = await republishForged(fixture.files, [], fixture, {
        snapshot: ({ publication: _, ...signed }) => ({ ...signed, ...(publication && { publication }) }),
      });
      await expectLog({ files, json: await world.json(after(2)) }, after(2));
    }
  });
});

describe('REQ-LOG-017 a proof that is none', () => {
  it.each<[string, (json: LogJson) => LogJson | undefined]>([
    ['is missing', () => undefined],
    [
      'has another leaf',
      (json) => ({ ...json, leaves: [[0, json.leaves[0]?.[1].replace('"parts":1', '"parts":2') ?? '']] }),
    ],
    ['has no leaf', (json) => ({ ...json, leaves: [] })],
    ['has a hash too many', (json) => ({ ...json, hashes: [...json.hashes, `${'A'.repeat(43)}=`] })],
    ['has its leaf twice', (json) => ({ ...json, leaves: [...json.leaves, ...json.leaves] })],
    ['has a negative index', (json) => ({ ...json, leaves: json.leaves.map(([, leaf]) => [-1, leaf]) })],
    [
      'has a checkpoint of another root',
      (json) => ({ ...json, checkpoint: json.checkpoint.replace(/\n1\n./, '\n1\nB') }),
    ],
    ['has no checkpoint', (json) => ({ ...json, checkpoint: '' })],
    ['says more than is its form', (json) => Object.assign({ more: 1 }, json)],
  ])('%s', async (_, spoil) => {
    await expectLog({ json: spoil(await world.json(after(1))) });
  });

  it('is of leaves out of order', async () => {
    await federation.renew(after(1));
    const json = await world.json(after(2));
    await expectAccepted(await shownAt(after(2)), gateOf(await openedAt(after(2), { json }), after(2)));
    await expectLog({ json: { ...json, leaves: json.leaves.toReversed() } }, after(2));
  });

  it.each([0, 1])('is seen by %i witnesses', async (witnesses) => {
    await expectLog({ json: await world.json(after(1), { witnesses }) });
  });

  it('is of the checkpoint of another log, or by another key', async () => {
    await expectLog({ json: await world.json(after(1), { origin: 'registry.example/other' }) });
    await expectLog({ json: await world.json(after(1), { signer: attacker }) });
  });

  it('is of a witness who signs twice', async () => {
    const json = await world.json(after(1), { witnesses: 1 });
    const line = json.checkpoint.trimEnd().split('\n').at(-1) ?? '';
    await expectLog({ json: { ...json, checkpoint: `${json.checkpoint}${line}\n` } });
  });

  it('is longer than anyone reads', async () => {
    await expectLog({ file: utf8(' '.repeat(LIMITS.registryLogBytes + 1)) });
  });

  it('is no JSON, or no text', async () => {
    await expectLog({ file: utf8('{"checkpoint":') });
    await expectLog({ file: Uint8Array.of(0xff, 0xfe) });
  });

  it('has a leaf of another kind', async () => {
    const other = new RegistryLogWorld();
    other.leaves.push(
      utf8(
        '{"at":"2026-09-07T08:00:00Z","heldAt":"2026-09-07T08:00:00Z","cause":"rule:clear@1","kind":"burst","region":"CN-BJ","scheme":"health","state":"held","v":1}',
      ),
    );
    await expectLog({ json: await other.json(after(1)) });
  });
});

describe('REQ-KEY-012 a key that is published late, and dated back', () => {
  it('has no right to sign before its lead, for a verifier that knows nothing but this bundle', async () => {
    await publishKeys(after(1), addHours(hourFloor(after(1)), -48));
    await federation.logger.log(after(1));
    const opened = await openedAt(after(2));
    expect(opened.trust.registryLog).toMatchObject({ is: 'proven' });
    await expectNotAuthentic(await shownAt(after(2), attacker), gateOf(opened, after(2)), 'key-without-lead');
    await expectAccepted(await shownAt(after(2)), gateOf(opened, after(2)));
    const before = gateOf(await openedAt(after(96)), after(96));
    await expectNotAuthentic(await shownAt(after(96), attacker), before, 'key-without-lead');
    for (const hours of [24, 48, 72, 96]) await world.anchor(after(hours));
    await federation.renew(after(98));
    await expectAccepted(await shownAt(after(98), attacker), gateOf(await openedAt(after(98)), after(98)));
  });

  it('gains nothing by leaving the leaf out that introduced it', async () => {
    await publishKeys(after(1), addHours(hourFloor(after(1)), -48));
    await federation.logger.log(after(1));
    await federation.renew(after(98));
    const json = await world.jsonOf([0, 2], after(98));
    const gate = gateOf(await openedAt(after(98), { json }), after(98));
    await expectNotAuthentic(await shownAt(after(98), attacker), gate, 'key-without-lead');
    await expectAccepted(await shownAt(after(98)), gate);
  });

  it('gains nothing by a leaf that leaves it out', async () => {
    await publishKeys(after(1), addHours(hourFloor(after(1)), -48));
    await federation.logger.log(after(1), { items: [] });
    const gate = gateOf(await openedAt(after(2)), after(2));
    await expectNotAuthentic(await shownAt(after(2), attacker), gate, 'key-without-lead');
  });

  it('gains nothing by a leaf that leaves it out and is dated back, with or without anchors', async () => {
    for (const hours of [0, 24, 48, 72]) await world.anchor(after(hours));
    await publishKeys(after(96), addHours(hourFloor(after(96)), -48));
    await federation.logger.log(after(96), { at: after(0), items: [] });
    const json = await world.json(after(97));
    for (const anchors of [json.anchors, []]) {
      const gate = gateOf(await openedAt(after(97), { json: { ...json, anchors } }), after(97));
      await expectNotAuthentic(await shownAt(after(97), attacker), gate, 'key-without-lead');
    }
  });

  it('gains nothing by a leaf that says the log begins with it: it begins once', async () => {
    await publishKeys(after(1), addHours(hourFloor(after(1)), -48));
    await federation.logger.log(after(1), { first: true });
    const opened = await openedAt(after(2));
    expect(opened.trust.registryLog).toEqual({ is: 'invalid', reason: 'leaf-malformed' });
    await expectReferred(await shownAt(after(2), attacker), gateOf(opened, after(2)), 'registry-unlogged');
  });

  it('gains nothing by a leaf that is dated back, by the anchors of the days before', async () => {
    for (const hours of [0, 24, 48, 72]) await world.anchor(after(hours));
    await publishKeys(after(96), addHours(hourFloor(after(96)), -48));
    await federation.logger.log(after(96), { at: after(0) });
    await world.anchor(after(97));
    const gate = gateOf(await openedAt(after(97)), after(97));
    await expectNotAuthentic(await shownAt(after(97), attacker), gate, 'key-without-lead');
  });

  it('gains nothing by cutting these anchors out', async () => {
    for (const hours of [0, 24, 48, 72]) await world.anchor(after(hours));
    await publishKeys(after(96), addHours(hourFloor(after(96)), -48));
    await federation.logger.log(after(96), { at: after(0) });
    const json = { ...(await world.json(after(97))), anchors: [] };
    const gate = gateOf(await openedAt(after(97), { json }), after(97));
    await expectNotAuthentic(await shownAt(after(97), attacker), gate, 'key-without-lead');
  });

  it('with its lead counts from its first second, for a verifier that knows nothing but this bundle', async () => {
    const begins = addHours(hourFloor(after(1)), 97);
    await publishKeys(after(1), begins);
    await federation.logger.log(after(1));
    for (const hours of [24, 48, 72, 96]) await world.anchor(after(hours));
    await federation.renew(after(98));
    const opened = await openedAt(after(98));
    expect(opened.trust.registry.regions['CN-BJ']?.lateKeys).toEqual({});
    await expectAccepted(await shownAt(after(98), attacker), gateOf(opened, after(98)));
  });

  it('the later one counts of what the client saw and what the log says', async () => {
    const { state } = await openedAt(after(50));
    await publishKeys(after(51), addHours(hourFloor(after(51)), -48));
    await federation.logger.log(after(51), { at: after(1) });
    const { trust } = await openedAt(after(52), { state });
    expect(trust.registry.regions['CN-BJ']?.lateKeys[attacker.kid]).toBe(after(52 - 36 + 96));
  });
});
