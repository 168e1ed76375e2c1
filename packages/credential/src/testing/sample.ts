import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { createLocalSigner } from '@symbolon/keys/signer';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, parseInstant } from '@symbolon/protocol/instant';
import type { Dictionary } from '@symbolon/protocol/schemas/federation';
import type { Json } from '@symbolon/protocol/strict-json';
import { issueSdJwt } from '../codecs/sd-jwt/issue.ts';
import type { Details, StatusClaims } from '../model/status-claims.ts';

/** What the tests of this package share: one region, one holder, one credential, all made from fixed seeds. */

export const ISSUER = 'https://status.ha.example';
export const DID = 'did:web:status.ha.example';
export const HOUR = parseInstant('2026-11-21T21:00:00Z');
export const SHOWN_AT = addSeconds(HOUR, 1234);

export const issuerSigner = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'issuer'));
export const holderSigner = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'holder'));
export const strangerSigner = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'stranger'));
export const ed25519Signer = await createLocalSigner(insecurePrivateKeyFromSeed('EdDSA', 'ed25519'));

export const CLAIMS: StatusClaims = {
  scheme: 'health',
  major: 1,
  level: 'green',
  rule: 'exposure-14d@3',
  authority: 'cdc',
  assurance: 'high',
  issuedAt: HOUR,
  expiresAt: addHours(HOUR, 24),
  statusEntry: { idx: 713_442, uri: `${ISSUER}/lists/498861` },
  holderKey: holderSigner.publicJwk,
  bearer: false,
  contested: false,
};

export const CARD: StatusClaims = {
  scheme: 'health',
  major: 1,
  level: 'green',
  rule: 'exposure-14d@3',
  authority: 'cdc',
  assurance: 'medium',
  issuedAt: HOUR,
  expiresAt: addHours(HOUR, 6),
  bearer: true,
  contested: false,
};

/** The same without a status entry: valid for six hours, as JSON-LD credentials are. */
export const UNLISTED: StatusClaims = {
  scheme: 'health',
  major: 1,
  level: 'green',
  rule: 'exposure-14d@3',
  authority: 'cdc',
  assurance: 'high',
  issuedAt: HOUR,
  expiresAt: addHours(HOUR, 6),
  holderKey: holderSigner.publicJwk,
  bearer: false,
  contested: false,
};

export const DETAILS: Details = { reason: 'No exposure in 14 days', evidence: 'laboratory' };

export function sampleSdJwt(claims: StatusClaims = CLAIMS, details: Details = DETAILS): Promise<string> {
  return issueSdJwt({
    issuer: ISSUER,
    claims,
    details,
    signer: issuerSigner,
    random: insecureRandomFromSeed('sample'),
  });
}

/** A JWS over any header and payload, signed by the issuer: what a dishonest or broken issuer could make. */
export async function forgeJws(header: Json, payload: Json): Promise<string> {
  const signingInput = [header, payload].map((part) => encodeBase64url(utf8(JSON.stringify(part)))).join('.');
  return `${signingInput}.${encodeBase64url(await issuerSigner.sign(utf8(signingInput)))}`;
}

/** As a federation of some size would have it: the sample's names are not among the first. */
export const DICTIONARY: Dictionary = {
  version: 7,
  names: [
    ...Array.from({ length: 300 }, (_, i) => `https://status.region-${i}.example`),
    ISSUER,
    'urn:symbolon:health:1',
    'urn:symbolon:test:1',
    'green',
    'yellow',
    'red',
    'exposure-14d@3',
    'cdc',
    'low',
    'medium',
    'high',
    'CN-HB.wuhan',
    'reason',
    'evidence',
    'laboratory',
  ],
};
