import type { Signer } from '@symbolon/keys/signer';
import { addHours, HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import type { KeyUse } from '@symbolon/protocol/schemas/region';
import { writeBundle } from '@symbolon/registry/bundle';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import type { ClientState } from '@symbolon/registry/client-state';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { openTrust } from '@symbolon/verifier/open-trust';
import { verify } from '@symbolon/verifier/verify';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  authorityOf,
  type FederationFixture,
  keysFile,
  publishedKeys,
  publishUpdate,
  seededSigner,
} from '../support/federation-fixture.ts';
import {
  attacker,
  bundleOf,
  foundFederation,
  GATE,
  LIST,
  LIST_ID,
  listToken,
  NOW,
  openedFrom,
  SIGNED_AT,
} from '../support/verifier-federation.ts';
import { CLAIMS, show, UNLISTED } from '../support/verifier-showings.ts';

/**
 * A key is swapped without its lead: the admins' threshold can give a region's `keys.json` to another key, and with it publish an issuing key of
 * its own that says it has been valid since yesterday. Every signature is right. What gives it away is that verifiers saw the registry without it.
 */

const LEAD_HOURS = 96;
const SWAPPED_AT: Instant = addHours(SIGNED_AT, 1);
let fixture: FederationFixture;
let next: Signer;

beforeEach(async () => {
  fixture = await foundFederation();
  next = await seededSigner('CN-BJ next credential');
});

const refusedBy = (codes: readonly string[]) => ({
  outcome: 'refused',
  findings: expect.arrayContaining(codes.map((code) => expect.objectContaining({ code }))),
});

async function publishKey(at: Instant, signer: Signer, use: KeyUse, notBefore: Instant, seizing?: Signer) {
  const { keys, admins } = fixture.regions['CN-BJ'];
  const usual = publishedKeys(fixture.regions['CN-BJ'], NOW);
  const put = keysFile('CN-BJ', [
    ...usual,
    { signer, use, notBefore, notAfter: addHours(notBefore, 30 * 24) },
  ]);
  await publishUpdate(fixture, at, async (draft) => {
    const handed =
      seizing === undefined
        ? draft
        : await updateRole(
            draft,
            {
              role: 'targets',
              delegate: [{ region: 'CN-BJ', admins: authorityOf(admins, 2), keys: authorityOf([seizing]) }],
            },
            fixture.admins,
            at,
          );
    return updateRole(handed, { role: 'CN-BJ.keys', put }, [seizing ?? keys], at);
  });
}

async function shownAt(at: Instant, issuedAt: Instant, signer: Signer, state?: ClientState) {
  const bundle = await writeBundle(await collectBundle({ read: fixture.files }));
  const { trust } = await openTrust({
    bundle,
    pinnedRoot: fixture.pinnedRoot,
    now: at,
    ...(state === undefined ? {} : { state }),
  });
  const claims = { ...UNLISTED, issuedAt, expiresAt: addHours(issuedAt, 6) };
  return verify(await show(fixture, { claims, signer, at }), trust, GATE, at);
}

const hourOf = (at: Instant) => addHours(at, 0 - (at % HOUR_SECONDS) / HOUR_SECONDS);

describe('a key that was swapped without its lead', () => {
  it('REQ-KEY-012 is refused by whoever saw the registry without it, backdated or not', async () => {
    const { state } = await openedFrom(fixture);
    const usual = await shownAt(NOW, UNLISTED.issuedAt, fixture.regions['CN-BJ'].credential, state);
    expect(usual.outcome).toBe('accepted');
    await publishKey(SWAPPED_AT, attacker, 'credential', addHours(hourOf(SWAPPED_AT), -48), attacker);

    for (const hours of [1, 24, LEAD_HOURS - 1]) {
      const at = addHours(SIGNED_AT, hours);
      const verdict = await shownAt(at, hourOf(at), attacker, state);
      expect(verdict, `${hours} h`).toMatchObject(refusedBy(['key-without-lead']));
    }
    // Its honest neighbours go on as ever.
    const honest = await shownAt(
      addHours(NOW, 2),
      UNLISTED.issuedAt,
      fixture.regions['CN-BJ'].credential,
      state,
    );
    expect(honest.outcome).toBe('accepted');
  });

  it('REQ-KEY-012 stays refused when the verifier refreshes again and again', async () => {
    let { state } = await openedFrom(fixture);
    await publishKey(SWAPPED_AT, attacker, 'credential', addHours(hourOf(SWAPPED_AT), -48), attacker);
    for (const hours of [2, 3, 50]) {
      const at = addHours(SIGNED_AT, hours);
      await publishUpdate(fixture, at, async (draft) => draft);
      const bundle = await writeBundle(await collectBundle({ read: fixture.files }));
      state = (await openTrust({ bundle, pinnedRoot: fixture.pinnedRoot, state, now: at })).state;
      expect(await shownAt(at, hourOf(at), attacker, state)).toMatchObject(refusedBy(['key-without-lead']));
    }
  });

  it('REQ-KEY-012 takes effect after the lead, in which its owners and everyone else can see it', async () => {
    const { state } = await openedFrom(fixture);
    await publishKey(SWAPPED_AT, attacker, 'credential', addHours(hourOf(SWAPPED_AT), -48), attacker);
    const after = addHours(hourOf(SIGNED_AT), LEAD_HOURS + 1);
    await publishUpdate(fixture, after, async (draft) => draft);
    expect((await shownAt(after, after, attacker, state)).outcome).toBe('accepted');
    expect(await shownAt(after, addHours(after, -2), attacker, state)).toMatchObject(
      refusedBy(['key-without-lead']),
    );
  });

  it('a verifier that opens its first registry cannot know: the log of publications is for that', async () => {
    await publishKey(SWAPPED_AT, attacker, 'credential', addHours(hourOf(SWAPPED_AT), -48), attacker);
    expect((await shownAt(SWAPPED_AT, hourOf(SWAPPED_AT), attacker)).outcome).toBe('accepted');
  });

  it('REQ-KEY-012 a swapped status key signs no list that counts', async () => {
    const { state } = await openedFrom(fixture);
    await publishKey(SWAPPED_AT, attacker, 'status', addHours(hourOf(SWAPPED_AT), -48), attacker);
    const token = await listToken(fixture, { signer: attacker, issuedAt: addHours(SWAPPED_AT, 1) });
    const at = addHours(SWAPPED_AT, 1);
    const bundle = await bundleOf(fixture, token);
    const { trust } = await openTrust({ bundle, pinnedRoot: fixture.pinnedRoot, state, now: at });
    expect(trust.badLists.get(LIST), LIST_ID).toBe('key-without-lead');
    expect((await verify(await show(fixture, { claims: CLAIMS, at }), trust, GATE, at)).outcome).toBe(
      'referred',
    );
  });
});

describe('an honest key', () => {
  it('REQ-KEY-012 that was published with its lead counts from its first second', async () => {
    const { state } = await openedFrom(fixture);
    const begins = addHours(hourOf(SWAPPED_AT), LEAD_HOURS + 1);
    await publishKey(SWAPPED_AT, next, 'credential', begins);
    await publishUpdate(fixture, begins, async (draft) => draft);
    expect((await shownAt(begins, begins, next, state)).outcome).toBe('accepted');
  });

  it('REQ-KEY-012 is not held against a region that a partial bundle left out', async () => {
    const bundle = await writeBundle(await collectBundle({ read: fixture.files, regions: ['CN-GD'] }));
    const { state } = await openTrust({ bundle, pinnedRoot: fixture.pinnedRoot, now: NOW });
    expect(Object.keys(state.keyLeads).filter((key) => key.startsWith('CN-BJ/'))).toEqual([]);
    const verdict = await shownAt(NOW, UNLISTED.issuedAt, fixture.regions['CN-BJ'].credential, state);
    expect(verdict.outcome).toBe('accepted');
  });

  it('REQ-KEY-012 is not held back by a time that a stolen timestamp key set into the future', async () => {
    const { state } = await openedFrom(fixture);
    const stolen = { ...state, newestSignedAt: addHours(SIGNED_AT, 24 * 365) };
    const begins = addHours(hourOf(SWAPPED_AT), LEAD_HOURS + 1);
    await publishKey(SWAPPED_AT, next, 'credential', begins);
    const bundle = await writeBundle(await collectBundle({ read: fixture.files }));
    const opened = await openTrust({
      bundle,
      pinnedRoot: fixture.pinnedRoot,
      state: stolen,
      now: SWAPPED_AT,
    });
    expect(opened.trust.registry.regions['CN-BJ']?.lateKeys).toEqual({});
  });

  it('REQ-KEY-012 state from before this rule is read, and proves nothing against any key', async () => {
    const { state } = await openedFrom(fixture);
    const { leadHours: _, ...before } = { ...state, keyLeads: {} };
    const opened = await openedFrom(fixture, { state: before });
    expect(opened.trust.registry.regions['CN-BJ']?.lateKeys).toEqual({});
  });
});
