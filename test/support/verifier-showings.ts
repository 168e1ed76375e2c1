import { IN_PERSON_AUDIENCE, type StatusClaims, windowNonce } from '@symbolon/credential/model';
import { splitSdJwt } from '@symbolon/credential/sd-jwt/compact';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { bindSdJwt } from '@symbolon/credential/sd-jwt/key-binding';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import type { Signer } from '@symbolon/keys/signer';
import { type SampleRegion, sampleIssuer } from '@symbolon/local/sample/regions';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { type FederationFixture, seededSigner } from './federation-fixture.ts';
import { ISSUED, LIST, NOW } from './verifier-federation.ts';

/** What people show in the stories on the verifier, and what a forger makes of it. */

export const holder = await seededSigner('a holder');

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
    random: insecureRandomFromSeed(seed),
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
