import { IN_PERSON_AUDIENCE, type StatusClaims, windowNonce } from '@symbolon/credential/model';
import { splitSdJwt } from '@symbolon/credential/sd-jwt/compact';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { bindSdJwt } from '@symbolon/credential/sd-jwt/key-binding';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { sha256 } from '@symbolon/keys/digest';
import type { Signer } from '@symbolon/keys/signer';
import { type SampleRegion, sampleIssuer } from '@symbolon/local/sample/regions';
import { sampleRules } from '@symbolon/local/sample/rules';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, concatBytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { RandomBytes } from '@symbolon/protocol/random';
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
 * people who show credentials at a gate in Guangdong. Everything is signed by the keys that would sign it.
 */

/** The registry is signed first, credentials were issued an hour before, and people show them twenty minutes later. */
export const SIGNED_AT: Instant = addSeconds(FIXTURE_NOW, 60);
export const ISSUED: Instant = addHours(FIXTURE_NOW, -1);
export const NOW: Instant = addSeconds(FIXTURE_NOW, 1200);

export const LIST_ID = '500000';
export const LIST = `${sampleIssuer('CN-BJ')}/lists/${LIST_ID}`;

export const holder = await seededSigner('a holder');
export const attacker = await seededSigner('an attacker');
/** Other issuing keys of Beijing: an Ed25519 one, one whose time is over, one whose time is to come. */
export const ed25519 = await seededSigner('CN-BJ credential', 'EdDSA');
export const former = await seededSigner('CN-BJ former credential');
export const coming = await seededSigner('CN-BJ coming credential');

/** Today's health status of someone in Beijing; entry 0 of the list. */
export const CLAIMS: StatusClaims = {
  scheme: 'health',
  major: 1,
  level: 'green',
  rule: 'clear@1',
  authority: 'cdc',
  assurance: 'standard',
  issuedAt: ISSUED,
  expiresAt: addHours(ISSUED, 24),
  statusEntry: { idx: 0, uri: LIST },
  holderKey: holder.publicJwk,
  bearer: false,
  contested: false,
};
const { statusEntry: _entry, ...withoutEntry } = CLAIMS;
export const UNLISTED: StatusClaims = { ...withoutEntry, expiresAt: addHours(ISSUED, 6) };
const { holderKey: _key, ...withoutKey } = UNLISTED;
export const CARD: StatusClaims = { ...withoutKey, bearer: true };
export const TESTED: StatusClaims = {
  ...UNLISTED,
  scheme: 'test',
  level: 'negative',
  rule: 'test-negative-3d@1',
  sampledAt: addHours(ISSUED, -20),
};

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

/** The same seed gives the same bytes; two calls give different ones. */
export function seededRandom(seed: string): RandomBytes {
  let calls = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () => sha256(utf8(`${seed} ${calls++}`)));
    return concatBytes(...blocks).slice(0, length);
  };
}

export interface Minting {
  readonly claims?: StatusClaims;
  readonly region?: SampleRegion;
  /** The region's issuing key, when nothing else is said. */
  readonly signer?: Signer;
  readonly seed?: string;
}

export function mint(fixture: FederationFixture, minting: Minting = {}): Promise<string> {
  const { claims = CLAIMS, region = 'CN-BJ', seed = 'mint' } = minting;
  return issueSdJwt({
    issuer: sampleIssuer(region),
    claims,
    details: { reason: 'No adverse fact is known', evidence: 'no-adverse-fact', initials: 'A. M.' },
    signer: minting.signer ?? fixture.regions[region].credential,
    random: seededRandom(seed),
  });
}

export interface Showing {
  readonly at?: Instant;
  readonly audience?: string;
  readonly nonce?: string;
  readonly disclose?: readonly string[];
  readonly holder?: Signer;
}

/** Proves possession for a text as it is: also for one that no wallet would make. */
export function bind(sdJwt: string, showing: Showing = {}): Promise<string> {
  const { at = NOW, audience = IN_PERSON_AUDIENCE } = showing;
  const nonce = showing.nonce ?? windowNonce(at);
  return bindSdJwt({ sdJwt, audience, nonce, now: at, holder: showing.holder ?? holder });
}

/** A credential as its holder shows it, face to face, now. */
export async function show(fixture: FederationFixture, showing: Minting & Showing = {}): Promise<string> {
  return bind(discloseSdJwt(await mint(fixture, showing), showing.disclose ?? []), showing);
}

export type Change = (value: Record<string, unknown>) => Record<string, unknown>;

export interface Reissue {
  readonly header?: Change;
  readonly payload?: Change;
  /** Without one, the old signature stays. */
  readonly signer?: Signer;
}

/** Takes a credential apart and puts it together otherwise. Disclosures stay, a key binding goes. */
export async function reissue(sdJwt: string, { header, payload, signer }: Reissue): Promise<string> {
  const { jwt, disclosures } = splitSdJwt(sdJwt);
  const [head = '', body = '', signature = ''] = jwt.split('.');
  const input = [changed(head, header), changed(body, payload)].join('.');
  const sealed = signer === undefined ? signature : encodeBase64url(await signer.sign(utf8(input)));
  return [`${input}.${sealed}`, ...disclosures, ''].join('~');
}

function changed(part: string, change: Change = (value) => value): string {
  return encodeBase64url(utf8(JSON.stringify(change(JSON.parse(fromUtf8(decodeBase64url(part)))))));
}
