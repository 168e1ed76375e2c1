import { didKeyOf, publicKeyFromDidKey } from '@symbolon/keys/multikey';
import { toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { formatVct, parseVct } from '@symbolon/protocol/ids';
import { formatInstant } from '@symbolon/protocol/instant';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { StatusClaims } from '../../model/status-claims.ts';
import { CREDENTIALS_V2, STATUS_V1 } from './context-urls.ts';
import { type Credential, type CredentialDocument, checkedDocument } from './documents.ts';
import { readStatusEntries, writeStatusEntries } from './status-entries.ts';

const UUID_V4 = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * The unsigned credential of a status (protocol, section 5). Without an id of its own, and with one for the subject and for each
 * status entry, so that its graph has a single blank node.
 *
 * @throws SymbolonError `claims-malformed`
 */
export function writeCredential(did: string, claims: StatusClaims, random: RandomBytes): CredentialDocument {
  const { sampledAt, via, holderKey, statusEntry } = claims;
  if ((holderKey === undefined) !== claims.bearer) throw new SymbolonError('claims-malformed');
  return checkedDocument({
    '@context': [CREDENTIALS_V2, STATUS_V1],
    type: ['VerifiableCredential', 'StatusCredential'],
    issuer: did,
    validFrom: formatInstant(claims.issuedAt),
    validUntil: formatInstant(claims.expiresAt),
    ...(statusEntry !== undefined && { credentialStatus: writeStatusEntries(statusEntry) }),
    credentialSubject: {
      id: holderKey === undefined ? randomUuid(random) : didKeyOf(holderKey),
      scheme: formatVct(claims),
      level: claims.level,
      rule: claims.rule,
      authority: claims.authority,
      assurance: claims.assurance,
      ...(sampledAt !== undefined && { at: formatInstant(sampledAt) }),
      ...(claims.bearer && { bearer: true }),
      ...(claims.contested && { contested: true }),
      ...(via !== undefined && { via }),
    },
  });
}

/** @throws SymbolonError `claims-malformed` */
export function readCredential(credential: Credential): StatusClaims {
  const { credentialSubject, credentialStatus, validFrom, validUntil } = credential;
  const { id, scheme, at, bearer, contested, via, ...names } = credentialSubject;
  const holderKey = bearer === true ? undefined : holderKeyOf(id);
  // REQ-BND-001: a subject is a key, or says that it is a bearer.
  if (holderKey === undefined && !UUID_V4.test(id)) throw new SymbolonError('claims-malformed');
  return {
    ...schemeOf(scheme),
    ...names,
    ...(at !== undefined && { sampledAt: at }),
    issuedAt: validFrom,
    expiresAt: validUntil,
    ...(credentialStatus !== undefined && { statusEntry: readStatusEntries(credentialStatus) }),
    ...(holderKey !== undefined && { holderKey }),
    bearer: bearer === true,
    contested: contested === true,
    ...(via !== undefined && { via }),
  };
}

function holderKeyOf(id: string): PublicJwk {
  try {
    const jwk = publicKeyFromDidKey(id);
    if (didKeyOf(jwk) === id) return jwk;
  } catch {
    // Told below.
  }
  throw new SymbolonError('claims-malformed', { path: 'credentialSubject.id' });
}

function schemeOf(urn: string): ReturnType<typeof parseVct> {
  try {
    return parseVct(urn);
  } catch {
    throw new SymbolonError('claims-malformed', { path: 'credentialSubject.scheme' });
  }
}

/** RFC 9562, section 5.4. */
function randomUuid(random: RandomBytes): string {
  const bytes = random(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `urn:uuid:${toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}`;
}
