import { issueDataIntegrity, presentDataIntegrity } from '@symbolon/credential/data-integrity';
import { type Details, IN_PERSON_AUDIENCE, type StatusClaims, windowNonce } from '@symbolon/credential/model';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { bindSdJwt } from '@symbolon/credential/sd-jwt/key-binding';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import type { Signer } from '@symbolon/keys/signer';
import { utf8 } from '@symbolon/protocol/bytes';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Decoded, DecodedBinding } from '../decoded.ts';
import { DID, HOUR, holder, ISSUER, issuer, LIST, NOW } from './plain-trust.ts';

/** Credentials that Henan issued, presentations of them, and what decoding makes of those. */

/** A green health status of today; entry 0 of the list is valid. */
export const CLAIMS: StatusClaims = {
  scheme: 'health',
  major: 1,
  level: 'green',
  rule: 'clear@1',
  authority: 'cdc',
  assurance: 'standard',
  issuedAt: HOUR,
  expiresAt: addHours(HOUR, 24),
  statusEntry: { idx: 0, uri: LIST },
  holderKey: holder.publicJwk,
  bearer: false,
  contested: false,
};

/** Valid for six hours, so without a status entry. */
const { statusEntry: _entry, ...unlisted } = CLAIMS;
export const UNLISTED: StatusClaims = { ...unlisted, expiresAt: addHours(HOUR, 6) };

/** A test of today, of the same holder. */
export const TESTED: StatusClaims = {
  ...UNLISTED,
  scheme: 'test',
  level: 'negative',
  rule: 'negative-3d@1',
  sampledAt: HOUR,
};

const { holderKey: _key, ...keyless } = UNLISTED;
export const CARD: StatusClaims = { ...keyless, bearer: true };

const DETAILS: Details = { reason: 'No adverse fact', evidence: 'none', initials: 'A. M.' };

export const POLICY: Policy = {
  region: 'CN-BJ',
  purpose: 'entry',
  schemes: ['health'],
  accept: 'health.level == "green"',
  onContested: 'referred',
  onBearer: 'referred',
  requireNonce: false,
};

export function mint(claims: StatusClaims = CLAIMS, signer: Signer = issuer): Promise<string> {
  return issueSdJwt({
    issuer: ISSUER,
    claims,
    details: DETAILS,
    signer,
    random: insecureRandomFromSeed('mint'),
  });
}

export interface Showing {
  readonly claims?: StatusClaims;
  readonly signer?: Signer;
  readonly holder?: Signer;
  readonly at?: Instant;
  readonly audience?: string;
  readonly nonce?: string;
  readonly disclose?: readonly string[];
}

/** An SD-JWT with key binding, face to face at `NOW` when nothing else is said. */
export async function show(showing: Showing = {}): Promise<string> {
  const at = showing.at ?? NOW;
  return bindSdJwt({
    sdJwt: discloseSdJwt(await mint(showing.claims, showing.signer), showing.disclose ?? []),
    audience: showing.audience ?? IN_PERSON_AUDIENCE,
    nonce: showing.nonce ?? windowNonce(at),
    now: at,
    holder: showing.holder ?? holder,
  });
}

export function mintJsonLd(claims: StatusClaims = UNLISTED, signer: Signer = issuer): Promise<string> {
  return issueDataIntegrity({
    did: DID,
    kid: signer.kid,
    claims,
    signer,
    random: insecureRandomFromSeed('json-ld'),
  });
}

export async function showJsonLd(claims: StatusClaims = UNLISTED, at: Instant = NOW): Promise<string> {
  const window = { audience: IN_PERSON_AUDIENCE, nonce: windowNonce(at), now: at };
  return presentDataIntegrity({ credential: await mintJsonLd(claims), holder, ...window });
}

/** What decoding gives, without a text: whatever is verified by it holds. */
export function decodedOf(
  claims: StatusClaims = CLAIMS,
  changes: Partial<Omit<Decoded, 'claims'>> = {},
): Decoded {
  return {
    issuer: ISSUER,
    kid: issuer.kid,
    alg: issuer.alg,
    claims,
    listedIn: 'token-list',
    details: {},
    binding: bindingOf(),
    identity: utf8('identity'),
    verifyIssuer: async () => true,
    ...changes,
  };
}

export function bindingOf(changes: Partial<DecodedBinding> = {}): DecodedBinding {
  const issuedAt = changes.issuedAt ?? NOW;
  return {
    audience: IN_PERSON_AUDIENCE,
    nonce: windowNonce(issuedAt),
    issuedAt,
    coversCredential: true,
    verify: async () => true,
    ...changes,
  };
}
