import { sampleIssuer } from '@symbolon/local/sample/regions';
import { sampleRules } from '@symbolon/local/sample/rules';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { writeBundle } from '@symbolon/registry/bundle';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { jsonFile } from '@symbolon/registry/json-file';
import { listPath } from '@symbolon/registry/status-lists';
import { issueStatusListToken, type StatusListOrder } from '@symbolon/status/issue';
import { type OpenedTrust, type OpenTrust, openTrust } from '@symbolon/verifier/open-trust';
import {
  buildFederation,
  type FederationFixture,
  FIXTURE_NOW,
  keysFile,
  publishedKeys,
  publishUpdate,
  seededSigner,
} from './federation-fixture.ts';

/**
 * What the attack stories on the verifier share: the sample federation with a few more keys and a rule that has ended, a status list, and
 * a gate in Guangdong. Everything is signed by the keys that would sign it.
 */

/** The registry is signed first, credentials were issued an hour before, and people show them twenty minutes later. */
export const SIGNED_AT: Instant = addSeconds(FIXTURE_NOW, 60);
export const ISSUED: Instant = addHours(FIXTURE_NOW, -1);
export const NOW: Instant = addSeconds(FIXTURE_NOW, 1200);

export const LIST_ID = '500000';
export const LIST = `${sampleIssuer('CN-BJ')}/lists/${LIST_ID}`;

export const attacker = await seededSigner('an attacker');
/** Other issuing keys of Beijing: an Ed25519 one, one whose time is over, one whose time is to come. */
export const ed25519 = await seededSigner('CN-BJ credential', 'EdDSA');
export const former = await seededSigner('CN-BJ former credential');
export const coming = await seededSigner('CN-BJ coming credential');

/** A gate in Guangdong. */
export const GATE: Policy = {
  region: 'CN-GD',
  purpose: 'interregional-travel',
  schemes: ['health'],
  accept: 'health.level == "green"',
  onContested: 'referred',
  onBearer: 'referred',
  requireNonce: false,
};
export const TEST_GATE: Policy = { ...GATE, schemes: ['test'], accept: 'test.level == "negative"' };

/** The sample federation as these stories find it. */
export async function foundFederation(): Promise<FederationFixture> {
  const fixture = await buildFederation();
  const { keys, admins } = fixture.regions['CN-BJ'];
  const usual = publishedKeys(fixture.regions['CN-BJ'], FIXTURE_NOW);
  const use = 'credential' as const;
  const more = [
    { signer: ed25519, use, notBefore: addHours(ISSUED, -24), notAfter: addHours(ISSUED, 24) },
    { signer: former, use, notBefore: addHours(ISSUED, -24), notAfter: ISSUED },
    { signer: coming, use, notBefore: addHours(ISSUED, 1), notAfter: addHours(ISSUED, 24) },
  ];
  const put = keysFile('CN-BJ', [...usual, ...more]);
  await publishUpdate(fixture, SIGNED_AT, async (draft) => {
    const keyed = await updateRole(draft, { role: 'CN-BJ.keys', put }, [keys], SIGNED_AT);
    return updateRole(keyed, { role: 'CN-BJ', put: rulesWithAnEnd() }, admins.slice(1), SIGNED_AT);
  });
  return fixture;
}

/** Beijing's rules, and `winter@1`, which ended with the hour in which the credentials of these stories begin. */
function rulesWithAnEnd(): ReadonlyMap<string, Bytes> {
  const set = sampleRules('CN-BJ', 'health');
  const clear = set.rules.filter(({ id }) => id === 'clear');
  const winter = clear.map((rule) => ({ ...rule, id: 'winter', sunset: formatInstant(ISSUED) }));
  const file = jsonFile({ ...set, rules: [...set.rules, ...winter] });
  return new Map([['regions/CN-BJ/rules.health.json', file]]);
}

/** Entries 0 to 3 hold the four values. */
export function listToken(
  fixture: FederationFixture,
  changes: Partial<StatusListOrder> = {},
): Promise<string> {
  return issueStatusListToken({
    uri: LIST,
    entries: Uint8Array.of(0, 1, 2, 3),
    bits: 2,
    issuedAt: SIGNED_AT,
    expiresAt: addHours(FIXTURE_NOW, 96),
    ttlSeconds: 900,
    signer: fixture.regions['CN-BJ'].status,
    ...changes,
  });
}

/** The bundle that a verifier fetches; with today's list, or the tokens given, as Beijing's. */
export async function bundleOf(fixture: FederationFixture, token?: string): Promise<Bytes> {
  const list = token ?? (await listToken(fixture));
  const lists = new Map([[listPath('CN-BJ', LIST_ID), list]]);
  return writeBundle(await collectBundle({ read: fixture.files, lists }));
}

export async function openedFrom(
  fixture: FederationFixture,
  changes: Partial<OpenTrust> = {},
): Promise<OpenedTrust> {
  const { pinnedRoot } = fixture;
  return openTrust({ bundle: await bundleOf(fixture), pinnedRoot, now: NOW, ...changes });
}
