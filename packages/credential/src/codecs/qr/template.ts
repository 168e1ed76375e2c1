import { compressPoint, expandPoint } from '@symbolon/keys/point';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { formatVct, parseVct } from '@symbolon/protocol/ids';
import { addHours, addSeconds, HOUR_SECONDS, instant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { StatusClaims } from '../../model/status-claims.ts';
import { readSdJwtClaims } from '../sd-jwt/claims.ts';
import { parseCompactJws, splitSdJwt } from '../sd-jwt/compact.ts';
import { readIssuerHeader, writeIssuerJwt } from '../sd-jwt/issuer-jwt.ts';
import { packBinding, unpackBinding } from './binding.ts';
import { packDisclosure, unpackDisclosure } from './disclosures.ts';
import type { Numbering } from './numbering.ts';
import { COSE_EDDSA, COSE_ES256, type PackedStatus, TEMPLATE, Template } from './packing.ts';

/**
 * What differs from one presentation of the profile to the next. Whether `fromTemplate` gives the same text back is for the
 * caller to see: here, names in another order or a key that is no point of its curve go unnoticed.
 *
 * @throws SymbolonError when the text is not of the profile, or has a value that the template has no place for
 */
export function toTemplate(text: string, names: Numbering): Template {
  const { jwt, disclosures, keyBinding } = splitSdJwt(text);
  const { header, payload, signature } = parseCompactJws(jwt);
  const { alg, kid } = readIssuerHeader(header);
  const { issuer, claims, detailsDigest } = readSdJwtClaims(payload);
  const { issuedAt, expiresAt, sampledAt, statusEntry, holderKey, via } = claims;
  const body = [
    alg === 'ES256' ? COSE_ES256 : COSE_EDDSA,
    decodeBase64url(kid),
    ...[issuer, formatVct(claims), claims.level, claims.rule, claims.authority, claims.assurance].map(
      names.pack,
    ),
    issuedAt / HOUR_SECONDS,
    (expiresAt - issuedAt) / HOUR_SECONDS,
    sampledAt === undefined ? null : issuedAt - sampledAt,
    statusEntry === undefined ? null : packStatus(statusEntry, issuer, names),
    holderKey === undefined ? null : packKey(holderKey),
    claims.contested,
    via === undefined ? null : names.pack(via),
    decodeBase64url(detailsDigest),
    signature,
    disclosures.map((disclosure) => packDisclosure(disclosure, names)),
    keyBinding === undefined ? null : packBinding(keyBinding, claims, names),
  ];
  return check(Template, [TEMPLATE, names.needed(), ...body], 'packing-malformed');
}

/**
 * The text that the template stands for. Nothing in it is verified: a wrong rebuild is a wrong signature.
 *
 * @throws SymbolonError on values that no presentation of the profile has
 */
export function fromTemplate(template: Template, names: Numbering): string {
  const [, , cose, kid, iss, vct, level, rule, authority, assurance, ...rest] = template;
  const [hours, validHours, age, status, key, contested, via, digest, signature, disclosures, binding] = rest;
  const issuer = names.unpack(iss);
  const issuedAt = instant(hours * HOUR_SECONDS);
  const claims: StatusClaims = {
    ...parseVct(names.unpack(vct)),
    level: names.unpack(level),
    rule: names.unpack(rule),
    authority: names.unpack(authority),
    assurance: names.unpack(assurance),
    ...(age !== null && { sampledAt: addSeconds(issuedAt, -age) }),
    issuedAt,
    expiresAt: addHours(issuedAt, validHours),
    ...(status !== null && { statusEntry: unpackStatus(status, issuer, names) }),
    ...(key !== null && { holderKey: unpackKey(key) }),
    bearer: key === null,
    contested,
    ...(via !== null && { via: names.unpack(via) }),
  };
  const signingInput = writeIssuerJwt({
    alg: cose === COSE_ES256 ? 'ES256' : 'EdDSA',
    kid: encodeBase64url(kid),
    issuer,
    claims,
    detailsDigest: encodeBase64url(digest),
  });
  const shown = disclosures.map((disclosure) => unpackDisclosure(disclosure, names));
  const sdJwt = [`${signingInput}.${encodeBase64url(signature)}`, ...shown, ''].join('~');
  return binding === null ? sdJwt : sdJwt + unpackBinding(binding, sdJwt, claims, names);
}

function packKey(jwk: PublicJwk): Uint8Array {
  return jwk.kty === 'EC' ? compressPoint(jwk) : decodeBase64url(jwk.x);
}

function unpackKey(key: Uint8Array): PublicJwk {
  return key.length === 33 ? expandPoint(key) : { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(key) };
}

function packStatus({ idx, uri }: StatusEntry, issuer: string, names: Numbering): PackedStatus {
  const cut = uri.lastIndexOf('/') + 1;
  const id = uri.slice(cut);
  const before = uri.slice(0, cut);
  return before === listsOf(issuer) ? [idx, id] : [idx, id, names.pack(before)];
}

function unpackStatus([idx, id, before]: PackedStatus, issuer: string, names: Numbering): StatusEntry {
  return { idx, uri: (before === undefined ? listsOf(issuer) : names.unpack(before)) + id };
}

/** Where a region's status lists are by default: below its issuer URL. */
function listsOf(issuer: string): string {
  return `${issuer}/lists/`;
}
