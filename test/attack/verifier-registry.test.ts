import type { Signer } from '@symbolon/keys/signer';
import { SAMPLE_FEDERATION, sampleDictionary } from '@symbolon/local/sample/federation';
import { sampleRegion } from '@symbolon/local/sample/regions';
import { sampleRules } from '@symbolon/local/sample/rules';
import { SAMPLE_SCHEMES } from '@symbolon/local/sample/schemes';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, HOUR_SECONDS, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { readBundle, writeBundle } from '@symbolon/registry/bundle';
import { startDraft } from '@symbolon/registry/ceremony/draft';
import { publish } from '@symbolon/registry/ceremony/publish';
import { createRoot } from '@symbolon/registry/ceremony/root';
import { seal } from '@symbolon/registry/ceremony/seal';
import { type RoleUpdate, updateRole } from '@symbolon/registry/ceremony/update-role';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { jsonFile } from '@symbolon/registry/json-file';
import { memoryStore } from '@symbolon/registry/memory-store';
import { openTrust } from '@symbolon/verifier/open-trust';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  expectAccepted,
  expectNotAccepted,
  expectNotAuthentic,
  expectReferred,
  type Gate,
} from '../support/expect-verdict.ts';
import {
  type FederationFixture,
  FIXTURE_NOW,
  keysFile,
  publishedKeys,
  publishUpdate,
} from '../support/federation-fixture.ts';
import {
  attacker,
  bundleOf,
  foundFederation,
  GATE,
  NOW,
  openedFrom,
  SIGNED_AT,
} from '../support/verifier-federation.ts';
import { show, UNLISTED } from '../support/verifier-showings.ts';

/** Attack stories (style, 22) on what the verifier rests on: the registry, its age, its anchor, and what was revoked in it. */

const LATER = addSeconds(SIGNED_AT, 300);

let fixture: FederationFixture;
let gate: Gate;

beforeEach(async () => {
  fixture = await foundFederation();
  gate = { trust: (await openedFrom(fixture)).trust, policy: GATE, now: NOW };
});

const reopened = async (now = NOW): Promise<Gate> => ({
  ...gate,
  trust: (await openedFrom(fixture)).trust,
  now,
});

/** A credential of the hour before, shown now. */
function shownAt(now: Instant): Promise<string> {
  const issuedAt = addHours(hourFloor(now), -1);
  const claims = { ...UNLISTED, issuedAt, expiresAt: addHours(issuedAt, 6) };
  return show(fixture, { claims, at: now });
}

/** One role signs a change, and it is published. */
async function change(update: RoleUpdate, signers: readonly Signer[], now = LATER): Promise<void> {
  await publishUpdate(fixture, now, (draft) => updateRole(draft, update, signers, now));
}

describe('REQ-KEY-005 a revoked key', () => {
  it('ends every credential that it signed, also those from before its since', async () => {
    const text = await show(fixture);
    await expectAccepted(text, gate);
    const [credential, ...others] = publishedKeys(fixture.regions['CN-BJ'], FIXTURE_NOW);
    if (credential === undefined) throw new TypeError('no issuing key');
    const revoked = { ...credential, revoked: { since: addHours(NOW, 1), reason: 'stolen' } };
    const put = keysFile('CN-BJ', [revoked, ...others]);
    await change({ role: 'CN-BJ.keys', put }, [fixture.regions['CN-BJ'].keys]);
    await expectNotAuthentic(text, await reopened(), 'key-revoked');
  });

  it('REQ-KEY-002 one that was taken out altogether is unknown', async () => {
    const text = await show(fixture);
    await expectAccepted(text, gate);
    const put = keysFile('CN-BJ', publishedKeys(fixture.regions['CN-BJ'], FIXTURE_NOW).slice(1));
    await change({ role: 'CN-BJ.keys', put }, [fixture.regions['CN-BJ'].keys]);
    await expectNotAuthentic(text, await reopened(), 'key-unknown');
  });

  it('of the status lists makes what they say unknown', async () => {
    const text = await show(fixture);
    await expectAccepted(text, gate);
    const [credential, status] = publishedKeys(fixture.regions['CN-BJ'], FIXTURE_NOW);
    if (credential === undefined || status === undefined) throw new TypeError('no keys');
    const revoked = { ...status, revoked: { since: NOW, reason: 'stolen' } };
    const put = keysFile('CN-BJ', [credential, revoked]);
    await change({ role: 'CN-BJ.keys', put }, [fixture.regions['CN-BJ'].keys]);
    await expectReferred(text, await reopened(), 'key-revoked');
  });
});

describe('a registry that is held back', () => {
  const age = (hours: number, seconds = 0): Instant => addSeconds(SIGNED_AT, hours * HOUR_SECONDS + seconds);

  it('REQ-REG-014, 015, 016 is graded: warned of, referred, and at last refused, each from its very second on', async () => {
    await expectAccepted(await shownAt(age(26, -1)), { ...gate, now: age(26, -1) });
    await expectAccepted(await shownAt(age(26)), { ...gate, now: age(26) }, 'stale-warn');
    await expectAccepted(await shownAt(age(96, -1)), { ...gate, now: age(96, -1) }, 'stale-warn');
    await expectReferred(await shownAt(age(96)), { ...gate, now: age(96) }, 'stale-refer');
    await expectReferred(await shownAt(age(240, -1)), { ...gate, now: age(240, -1) }, 'stale-refer');
    await expectNotAccepted(await shownAt(age(240)), { ...gate, now: age(240) }, 'stale-block');
  });

  it('and a new signature, with nothing changed, makes it fresh', async () => {
    await expectReferred(await shownAt(age(96)), { ...gate, now: age(96) }, 'stale-refer');
    await publishUpdate(fixture, age(95), async (draft) => draft);
    await expectAccepted(await shownAt(age(96)), await reopened(age(96)));
  });

  it('REQ-REG-017 the files of one region alone: of the issuer, or of the gate', async () => {
    const end = addHours(NOW, 1);
    const { keys } = fixture.regions['CN-BJ'];
    await change({ role: 'CN-BJ.keys', expires: end }, [keys]);
    await expectAccepted(await shownAt(addSeconds(end, -1)), await reopened(addSeconds(end, -1)));
    await expectReferred(await shownAt(end), await reopened(end), 'region-expired');
    const { admins } = fixture.regions['CN-GD'];
    await change({ role: 'CN-GD', expires: addHours(end, 1) }, [...admins], addSeconds(LATER, 60));
    const later = addHours(end, 1);
    await expectReferred(await shownAt(later), await reopened(later), 'region-expired', 'region-expired');
  });

  it('REQ-REG-018 what the admins sign for everyone', async () => {
    const end = addHours(NOW, 1);
    await change({ role: 'targets', expires: end }, fixture.admins.slice(1));
    await expectAccepted(await shownAt(addSeconds(end, -1)), await reopened(addSeconds(end, -1)));
    // What hangs below ends with it.
    const codes = ['registry-expired', 'region-expired', 'region-expired'];
    await expectReferred(await shownAt(end), await reopened(end), ...codes);
  });

  it('REQ-BUN-003 an older bundle is refused once a newer one was seen, and nothing is forgotten by it', async () => {
    const before = await bundleOf(fixture);
    const first = await openedFrom(fixture, { bundle: before });
    await publishUpdate(fixture, LATER, async (draft) => draft);
    const second = await openedFrom(fixture, { state: first.state });
    expect(second.trust.registry.signedAt).toBe(LATER);
    await expect(openedFrom(fixture, { bundle: before, state: second.state })).rejects.toMatchObject({
      code: 'bundle-rollback',
    });
    // Who has seen nothing cannot know: that is what the age is for.
    await expect(openedFrom(fixture, { bundle: before })).resolves.toBeDefined();
  });

  it('REQ-KEY-001 a bundle without the region', async () => {
    const text = await show(fixture, { claims: UNLISTED });
    await expectAccepted(text, gate);
    const bundle = await writeBundle(await collectBundle({ read: fixture.files, regions: ['CN-GD'] }));
    const { trust } = await openedFrom(fixture, { bundle });
    await expectNotAuthentic(text, { ...gate, trust }, 'issuer-unknown');
  });
});

describe('the anchor', () => {
  /** A federation of the attacker's own: the same regions and schemes, other keys. */
  async function attackersFederation(): Promise<{ root: Bytes; files: ReadonlyMap<string, Bytes> }> {
    const own = { keys: [attacker.publicJwk], threshold: 1 };
    const roles = { root: own, targets: own, snapshot: own, timestamp: own };
    const root = await createRoot({ roles, signers: [attacker], now: FIXTURE_NOW });
    const endpoint = 'https://attacker.example';
    const validity = { notBefore: addHours(FIXTURE_NOW, -24), notAfter: addHours(FIXTURE_NOW, 24) };
    const updates: RoleUpdate[] = [
      {
        role: 'targets',
        put: new Map([
          ['federation.json', jsonFile(SAMPLE_FEDERATION)],
          ['dictionary.json', jsonFile(sampleDictionary())],
          ['schemes/health.json', jsonFile(SAMPLE_SCHEMES.health)],
        ]),
        delegate: [{ region: 'CN-BJ', admins: own, keys: own }],
      },
      {
        role: 'CN-BJ',
        put: new Map([
          ['regions/CN-BJ/region.json', jsonFile(sampleRegion('CN-BJ', { endpoint }))],
          ['regions/CN-BJ/rules.health.json', jsonFile(sampleRules('CN-BJ', 'health'))],
        ]),
      },
      { role: 'CN-BJ.keys', put: keysFile('CN-BJ', [{ signer: attacker, use: 'credential', ...validity }]) },
    ];
    let draft = await startDraft(root);
    for (const update of updates) draft = await updateRole(draft, update, [attacker], SIGNED_AT);
    const store = memoryStore();
    await publish(store, await seal(draft, { snapshot: [attacker], timestamp: [attacker] }, SIGNED_AT));
    return { root, files: store.files };
  }

  it.each([undefined, new Uint8Array()])(
    'REQ-REG-001 without one nothing is verified',
    async (pinnedRoot) => {
      await expectAccepted(await show(fixture), gate);
      const opening = openTrust({ bundle: await bundleOf(fixture), pinnedRoot, now: NOW });
      await expect(opening).rejects.toMatchObject({ code: 'no-trust-anchor' });
    },
  );

  it('REQ-REG-013 the root in the attacker’s bundle does not count, whatever it signs', async () => {
    const { root, files } = await attackersFederation();
    const bundle = await writeBundle(await collectBundle({ read: files }));
    const forged = await show(fixture, { claims: UNLISTED, signer: attacker });
    // With the attacker's root it would be believed: only the anchor stands in between.
    const fooled = await openTrust({ bundle, pinnedRoot: root, now: NOW });
    const policy = { ...GATE, region: 'CN-BJ' };
    await expectAccepted(forged, { trust: fooled.trust, policy, now: NOW });
    await expect(openedFrom(fixture, { bundle })).rejects.toMatchObject({ code: 'root-mismatch' });
    await expectNotAuthentic(forged, { ...gate, policy }, 'key-unknown');
  });

  it('REQ-REG-004 nor below the true root', async () => {
    const { root, files } = await attackersFederation();
    const theirs = await readBundle(await writeBundle(await collectBundle({ read: files })));
    const ours = await readBundle(await bundleOf(fixture));
    const grafted = new Map([...theirs].filter(([path]) => !path.endsWith('root.json')));
    for (const [path, bytes] of ours) if (path.endsWith('root.json')) grafted.set(path, bytes);
    await expect(openedFrom(fixture, { bundle: await writeBundle(grafted) })).rejects.toMatchObject({
      code: 'metadata-signatures',
    });
    // As the next root, signed by itself alone.
    const rooted = new Map([...ours, ['metadata/2.root.json', root]]);
    await expect(openedFrom(fixture, { bundle: await writeBundle(rooted) })).rejects.toMatchObject({
      code: 'metadata-signatures',
    });
  });

  it('REQ-REG-013 nor does what was kept for another anchor', async () => {
    const { root, files } = await attackersFederation();
    const bundle = await writeBundle(await collectBundle({ read: files }));
    const { state } = await openTrust({ bundle, pinnedRoot: root, now: NOW });
    await expect(openedFrom(fixture, { state })).rejects.toMatchObject({ code: 'root-mismatch' });
  });
});
