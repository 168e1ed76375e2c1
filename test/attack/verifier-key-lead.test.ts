import type { Signer } from '@symbolon/keys/signer';
import { SAMPLE_FEDERATION } from '@symbolon/local/sample/federation';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, formatInstant, HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import type { KeyUse } from '@symbolon/protocol/schemas/region';
import { writeBundle } from '@symbolon/registry/bundle';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import type { ClientState } from '@symbolon/registry/client-state';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { jsonFile } from '@symbolon/registry/json-file';
import { openTrust } from '@symbolon/verifier/open-trust';
import { verify } from '@symbolon/verifier/verify';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  authorityOf,
  type FederationFixture,
  keysFile,
  type PublishedKey,
  publishedKeys,
  publishUpdate,
  seededSigner,
} from '../support/federation-fixture.ts';
import { forge, signedOf } from '../support/forged-registry.ts';
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

type Files = ReadonlyMap<string, string | Bytes>;

const LEAD_HOURS = 96;
const TIMESTAMP = 'metadata/timestamp.json';
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
  const { trust } = await openedAt(at, state);
  const claims = { ...UNLISTED, issuedAt, expiresAt: addHours(issuedAt, 6) };
  return verify(await show(fixture, { claims, signer, at }), trust, GATE, at);
}

async function openedAt(at: Instant, state: ClientState | undefined, files?: Files) {
  const bundle = await writeBundle(files ?? (await collectBundle({ read: fixture.files })));
  const known = state === undefined ? {} : { state };
  return openTrust({ bundle, pinnedRoot: fixture.pinnedRoot, now: at, ...known });
}

/** What is published, under a newer timestamp that says a time of its own: made with the timestamp key alone. */
async function timestampSaying(signedAt: Instant): Promise<Files> {
  const files = await collectBundle({ read: fixture.files });
  const signed = signedOf(fixture.files.get(TIMESTAMP));
  const version = Number(signed['version']) + 1;
  const times = { signedAt: formatInstant(signedAt), expires: formatInstant(addHours(signedAt, 24)) };
  return new Map([...files, [TIMESTAMP, await forge({ ...signed, version, ...times }, [fixture.timestamp])]]);
}

const withLead = (draft: Draft, referAfterHours: number, at: Instant) => {
  const freshness = { ...SAMPLE_FEDERATION.freshness, warnAfterHours: 1, referAfterHours };
  const put = new Map([['federation.json', jsonFile({ ...SAMPLE_FEDERATION, freshness })]]);
  return updateRole(draft, { role: 'targets', put }, fixture.admins, at);
};

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
      state = (await openedAt(at, state)).state;
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
    const misled = await openedAt(SWAPPED_AT, state, await timestampSaying(addHours(SIGNED_AT, 24 * 365)));
    expect(misled.state.newestSignedAt).toBe(addHours(SIGNED_AT, 24 * 365));
    // The key went with its time, and what is remembered of keys is by this client's own clock.
    expect(misled.state.keysSeenAt['CN-BJ']).toBe(SWAPPED_AT);
    expect(misled.state.leads).toEqual([{ hours: LEAD_HOURS, lastSeen: SWAPPED_AT }]);
  });

  it('REQ-KEY-012 counts from its first second for a client that looked at other regions meanwhile', async () => {
    let { state } = await openedFrom(fixture);
    const begins = addHours(hourOf(SWAPPED_AT), LEAD_HOURS + 1);
    await publishKey(SWAPPED_AT, next, 'credential', begins);
    for (const hours of [24, 48, 72, 95]) {
      const at = addHours(SIGNED_AT, hours);
      await publishUpdate(fixture, at, async (draft) => draft);
      const files = await collectBundle({ read: fixture.files, regions: ['CN-GD'] });
      state = (await openedAt(at, state, files)).state;
    }
    await publishUpdate(fixture, begins, async (draft) => draft);
    expect((await shownAt(begins, begins, next, state)).outcome).toBe('accepted');
  });

  it('REQ-KEY-012 counts from its first second when the lead was raised after it was published', async () => {
    const { state } = await openedFrom(fixture);
    const begins = addHours(hourOf(SWAPPED_AT), LEAD_HOURS + 1);
    await publishKey(SWAPPED_AT, next, 'credential', begins);
    const raised = addHours(SWAPPED_AT, 1);
    await publishUpdate(fixture, raised, (draft) => withLead(draft, 200, raised));
    const after = (await openedAt(raised, state)).state;
    await publishUpdate(fixture, begins, async (draft) => draft);
    expect((await shownAt(begins, begins, next, after)).outcome).toBe('accepted');
  });

  it('REQ-KEY-012 state from before this rule is read, and proves nothing against any key', async () => {
    const { state } = await openedFrom(fixture);
    const before = { ...state, keyLeads: {}, keysSeenAt: {}, leads: [], revokedKeys: {} };
    const opened = await openedFrom(fixture, { state: before });
    expect(opened.trust.registry.regions['CN-BJ']?.lateKeys).toEqual({});
  });
});

describe('ways around the lead', () => {
  const evil = { signer: attacker, use: 'credential' as const, notBefore: addHours(hourOf(SWAPPED_AT), -48) };
  const evilKey = { ...evil, notAfter: addHours(evil.notBefore, 30 * 24) };
  const late = { 'CN-BJ': { [attacker.kid]: addHours(SIGNED_AT, LEAD_HOURS) } };
  const lateIn = (view: Awaited<ReturnType<typeof openedAt>>['trust']['registry'], region = 'CN-BJ') => ({
    [region]: view.regions[region]?.lateKeys,
  });
  const publishKeys = (at: Instant, keys: readonly PublishedKey[]) =>
    publishUpdate(fixture, at, (draft) =>
      updateRole(
        draft,
        { role: 'CN-BJ.keys', put: keysFile('CN-BJ', keys) },
        [fixture.regions['CN-BJ'].keys],
        at,
      ),
    );

  it('REQ-KEY-012 an empty keys.json in between makes nobody forget', async () => {
    const { state } = await openedFrom(fixture);
    await publishKeys(SWAPPED_AT, []);
    const between = (await openedAt(addHours(SWAPPED_AT, 1), state)).state;
    await publishKeys(addHours(SWAPPED_AT, 2), [...publishedKeys(fixture.regions['CN-BJ'], NOW), evilKey]);
    const at = addHours(SWAPPED_AT, 3);
    expect(await shownAt(at, hourOf(at), attacker, between)).toMatchObject(refusedBy(['key-without-lead']));
  });

  it('REQ-KEY-012 REQ-REG-005 a timestamp that says an earlier time is refused, so no key gets its lead by it', async () => {
    const { state } = await openedFrom(fixture);
    await publishKey(SWAPPED_AT, attacker, 'credential', evil.notBefore);
    const files = await timestampSaying(addHours(SIGNED_AT, -140));
    await expect(openedAt(addHours(SWAPPED_AT, 1), state, files)).rejects.toMatchObject({
      code: 'bundle-rollback',
    });
  });

  it('REQ-KEY-012 a lead that is lowered in the same publication, or in one before, shortens nothing', async () => {
    const { state } = await openedFrom(fixture);
    await publishUpdate(fixture, SWAPPED_AT, (draft) => withLead(draft, 30, SWAPPED_AT));
    const between = (await openedAt(addHours(SWAPPED_AT, 1), state)).state;
    await publishKey(addHours(SWAPPED_AT, 2), attacker, 'credential', evil.notBefore);
    const at = addHours(SWAPPED_AT, 40);
    await publishUpdate(fixture, at, async (draft) => draft);
    expect(lateIn((await openedAt(at, state)).trust.registry)).toEqual(late);
    for (const known of [state, between])
      expect(await shownAt(at, hourOf(at), attacker, known)).toMatchObject(refusedBy(['key-without-lead']));
  });

  it('REQ-KEY-012 a known key of another use, or with an earlier beginning, is another key', async () => {
    const usual = publishedKeys(fixture.regions['CN-BJ'], NOW);
    const asLog = { ...evilKey, use: 'log' as const };
    const later = { ...evilKey, signer: next, notBefore: addHours(evil.notBefore, 100) };
    await publishKeys(SIGNED_AT, [...usual, asLog, later]);
    const { state } = await openedAt(SIGNED_AT, undefined);
    await publishKeys(SWAPPED_AT, [...usual, evilKey, { ...later, notBefore: evil.notBefore }]);
    const { trust } = await openedAt(SWAPPED_AT, state);
    const from = addHours(SIGNED_AT, LEAD_HOURS);
    expect(lateIn(trust.registry)).toEqual({ 'CN-BJ': { [attacker.kid]: from, [next.kid]: from } });
  });

  it('REQ-KEY-012 a region that was malformed at first sight was absent before', async () => {
    const { state } = await openedFrom(fixture);
    const region = 'CN-ZZ';
    const authority = authorityOf([attacker]);
    const join = (at: Instant) =>
      publishUpdate(fixture, at, async (draft) => {
        const delegate = [{ region, admins: authority, keys: authority }];
        const delegated = await updateRole(draft, { role: 'targets', delegate }, fixture.admins, at);
        return updateRole(delegated, { role: `${region}.keys`, put: keysFile(region, []) }, [attacker], at);
      });
    await join(SWAPPED_AT);
    const seen = (await openedAt(SWAPPED_AT, state)).state;
    expect(seen.keysSeenAt[region]).toBe(SIGNED_AT);
  });

  it('REQ-KEY-005 a revocation that was seen stays, whoever publishes the key again without it', async () => {
    const { credential } = fixture.regions['CN-BJ'];
    const [signing, ...others] = publishedKeys(fixture.regions['CN-BJ'], NOW);
    if (signing === undefined) throw new TypeError('no key');
    const revoked = { since: SIGNED_AT, reason: 'leaked' };
    await publishKeys(SWAPPED_AT, [{ ...signing, revoked }, ...others]);
    const { state } = await openedAt(SWAPPED_AT, undefined);
    const at = addHours(SWAPPED_AT, 1);
    await publishKeys(at, [signing, ...others]);
    expect(await shownAt(at, UNLISTED.issuedAt, credential, state)).toMatchObject(refusedBy(['key-revoked']));
    expect((await shownAt(at, UNLISTED.issuedAt, credential)).outcome).toBe('accepted');
  });
});
