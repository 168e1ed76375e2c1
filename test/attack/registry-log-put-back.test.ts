import { sampleRules } from '@symbolon/local/sample/rules';
import type { Instant } from '@symbolon/protocol/instant';
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
import { SIGNED_AT } from '../support/verifier-federation.ts';

/**
 * Attack stories on what was there before: whoever holds the keys of a role puts back what was taken out, an old key that was lost say, and the log has told it long ago. Every
 * verifier here knows nothing but the bundle.
 */

let federation: LoggedFederation;
let fixture: FederationFixture;

beforeEach(async () => {
  federation = await loggedFederation();
  ({ fixture } = federation);
});

/** Publications and anchors, day by day: so leaves have the age that they say. */
async function pass(from: number, to: number): Promise<void> {
  for (let hours = from; hours <= to; hours += 24) {
    await federation.renew(after(hours));
    await federation.world.anchor(after(hours));
  }
}

async function log(at: Instant): Promise<void> {
  await federation.logger.log(at);
  await federation.world.anchor(at);
}

const gateAt = async (now: Instant) => gateOf(await federation.openedAt(now), now);
const malformedAt = async (now: Instant) => (await federation.openedAt(now)).trust.registry.malformedRegions;

describe('REQ-LOG-018 a key of a role that was replaced, and is put back', () => {
  it('counts once it was public there again for the lead, though the log began with it', async () => {
    const { admins, keys } = fixture.regions['CN-BJ'];
    const fresh = await seededSigner('a fresh key of the role');
    const put = keysFile('CN-BJ', publishedKeys(fixture.regions['CN-BJ'], SIGNED_AT));
    const handTo = async (signer: typeof keys, at: Instant) => {
      const roles = { region: 'CN-BJ', admins: authorityOf(admins, 2), keys: authorityOf([signer], 1) };
      await publishUpdate(fixture, at, async (draft) => {
        const handed = await updateRole(draft, { role: 'targets', delegate: [roles] }, fixture.admins, at);
        return updateRole(handed, { role: 'CN-BJ.keys', put }, [signer], at);
      });
      await log(at);
    };
    await handTo(fresh, after(2));
    await pass(26, 122);
    expect(await malformedAt(after(123))).toEqual({});
    await handTo(keys, after(124));
    expect(await malformedAt(after(125))).toEqual({ 'CN-BJ': 'role-without-lead' });
    await pass(148, 220);
    expect(await malformedAt(after(221))).toEqual({});
  });
});

describe('REQ-KEY-012 a region’s key that was taken out, and is put back', () => {
  it('has no right to sign before its lead, though the log began with it', async () => {
    const { credential, keys: signer } = fixture.regions['CN-BJ'];
    const all = publishedKeys(fixture.regions['CN-BJ'], SIGNED_AT);
    const publishKeys = async (keys: typeof all, at: Instant) => {
      await publishUpdate(fixture, at, (draft) =>
        updateRole(draft, { role: 'CN-BJ.keys', put: keysFile('CN-BJ', keys) }, [signer], at),
      );
      await log(at);
    };
    const others = all.filter((key) => key.signer.kid !== credential.kid);
    await publishKeys(others, after(2));
    await pass(26, 50);
    await expectNotAuthentic(await federation.shownAt(after(51)), await gateAt(after(51)), 'key-unknown');
    await publishKeys(all, after(60));
    const early = await gateAt(after(61));
    await expectNotAuthentic(await federation.shownAt(after(61)), early, 'key-without-lead');
    await pass(84, 156);
    await expectAccepted(await federation.shownAt(after(157)), await gateAt(after(157)));
  });

  it('gains its lead from the beginning again where the bundle leaves out the newer leaf', async () => {
    // What cannot be noticed offline (docs/spec/limits.md): the log has it, and an audit reads the log.
    const { credential, keys: signer } = fixture.regions['CN-BJ'];
    const all = publishedKeys(fixture.regions['CN-BJ'], SIGNED_AT);
    for (const [hours, keys] of [
      [2, all.filter((key) => key.signer.kid !== credential.kid)],
      [60, all],
    ] as const) {
      await publishUpdate(fixture, after(hours), (draft) =>
        updateRole(draft, { role: 'CN-BJ.keys', put: keysFile('CN-BJ', keys) }, [signer], after(hours)),
      );
      await log(after(hours));
    }
    await federation.renew(after(61));
    const json = await federation.world.jsonOf([0, 1, 3], after(61));
    const opened = await federation.openedAt(after(61), { json });
    expect(opened.trust.registryLog).toMatchObject({ is: 'proven' });
    await expectAccepted(await federation.shownAt(after(61)), gateOf(opened, after(61)));
  });

  it('that a later publication puts back is as old as it was here', async () => {
    const { credential, keys: signer } = fixture.regions['CN-BJ'];
    const all = publishedKeys(fixture.regions['CN-BJ'], SIGNED_AT);
    const files = new Map(fixture.files);
    for (const [hours, keys] of [
      [2, all.filter((key) => key.signer.kid !== credential.kid)],
      [3, all],
    ] as const) {
      await publishUpdate(fixture, after(hours), (draft) =>
        updateRole(draft, { role: 'CN-BJ.keys', put: keysFile('CN-BJ', keys) }, [signer], after(hours)),
      );
      await log(after(hours));
    }
    const opened = await federation.openedAt(after(4), { files });
    await expectAccepted(await federation.shownAt(after(4)), gateOf(opened, after(4)));
  });
});

describe('REQ-RUL-010 a rule that was taken out, and is put back', () => {
  it('decides nothing before its lead, though the log began with it', async () => {
    const set = sampleRules('CN-BJ', 'health');
    const { admins } = fixture.regions['CN-BJ'];
    const publishRules = async (rules: typeof set.rules, at: Instant) => {
      const put = new Map([['regions/CN-BJ/rules.health.json', jsonFile({ ...set, rules })]]);
      await publishUpdate(fixture, at, (draft) =>
        updateRole(draft, { role: 'CN-BJ', put }, admins.slice(1), at),
      );
      await log(at);
    };
    await expectAccepted(await federation.shownAt(after(1)), await gateAt(after(1)));
    await publishRules(
      set.rules.filter(({ id }) => id !== 'clear'),
      after(2),
    );
    await pass(26, 50);
    await expectNotAccepted(await federation.shownAt(after(51)), await gateAt(after(51)), 'rule-unknown');
    await publishRules(set.rules, after(60));
    const early = await gateAt(after(61));
    await expectNotAccepted(await federation.shownAt(after(61)), early, 'rule-without-lead');
    await pass(84, 84);
    await expectAccepted(await federation.shownAt(after(85)), await gateAt(after(85)));
  });
});
