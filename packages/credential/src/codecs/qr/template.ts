import { compressPoint, expandPoint } from '@symbolon/keys/point';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import type { Bytes } from '@symbolon/protocol/bytes';
import { formatVct, parseVct } from '@symbolon/protocol/ids';
import { addHours, addSeconds, HOUR_SECONDS, instant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import type { Algorithm, PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { StatusClaims } from '../../model/status-claims.ts';
import { parseCompactJws } from '../compact-jws.ts';
import { readSdJwtClaims, type StrictClaims, writeSdJwtClaims } from '../sd-jwt/claims.ts';
import { splitSdJwt } from '../sd-jwt/compact.ts';
import { type IssuerHeader, readIssuerHeader, serialiseIssuerJwt } from '../sd-jwt/issuer-jwt.ts';
import { hashSdJwt, type KeyBinding, parseKeyBinding } from '../sd-jwt/key-binding.ts';
import { packBinding, type UnpackedBinding, unpackBinding } from './binding.ts';
import { packDisclosure, unpackDisclosure } from './disclosures.ts';
import type { Numbering } from './numbering.ts';
import { COSE_EDDSA, COSE_ES256, type PackedStatus, TEMPLATE, Template } from './packing.ts';

/** What a presentation of the profile consists of. Which text that gives follows. */
export interface Parts {
  readonly alg: Algorithm;
  readonly kid: string;
  readonly issuer: string;
  readonly claims: StatusClaims;
  readonly detailsDigest: string;
  readonly signature: Bytes;
  /** Their texts. */
  readonly disclosures: readonly string[];
  readonly keyBinding: Pick<KeyBinding, 'claims' | 'signature'> | undefined;
}

/**
 * What differs from one presentation of the profile to the next. Whether `fromTemplate` gives the same text back is for the
 * caller to see: here, names in another order or a key that is no point of its curve go unnoticed.
 *
 * @throws SymbolonError when the text is not of the profile, or has a value that the template has no place for
 */
export function toTemplate(text: string, names: Numbering): Template {
  const { jwt, disclosures, keyBinding } = splitSdJwt(text);
  const { header, payload, signature } = parseCompactJws(jwt);
  const { issuer, claims, detailsDigest } = readSdJwtClaims(payload);
  const items = packParts(
    {
      ...readIssuerHeader(header),
      issuer,
      claims,
      detailsDigest,
      signature,
      disclosures,
      keyBinding: keyBinding === undefined ? undefined : parseKeyBinding(keyBinding, claims.holderKey),
    },
    names,
  );
  return check(Template, items, 'packing-malformed');
}

/** The items of a template, not yet held to its schema. @throws SymbolonError as `toTemplate` */
export function packParts(parts: Parts, names: Numbering): readonly unknown[] {
  const { alg, kid, issuer, claims, detailsDigest, signature, disclosures, keyBinding } = parts;
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
  return [TEMPLATE, names.needed(), ...body];
}

/** A presentation as its template gives it. Nothing in it is verified: a wrong rebuild is a wrong signature. */
export interface Rebuilt {
  /** SD-JWT or SD-JWT+KB. */
  readonly text: string;
  readonly header: IssuerHeader;
  readonly payload: StrictClaims;
  readonly issuerSigningInput: string;
  readonly signature: Bytes;
  readonly disclosures: readonly string[];
  readonly sdHash: string;
  readonly binding: UnpackedBinding | undefined;
}

/** @throws SymbolonError on values that no presentation of the profile has */
export function fromTemplate(template: Template, names: Numbering): Rebuilt {
  const [, , cose, kid, iss, vct, level, rule, authority, assurance, ...rest] = template;
  const [hours, validHours, age, status, key, contested, via, digest, signature, packed, bound] = rest;
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
  const header = { alg: cose === COSE_ES256 ? 'ES256' : 'EdDSA', kid: encodeBase64url(kid) } as const;
  const payload = writeSdJwtClaims(issuer, claims, encodeBase64url(digest));
  const issuerSigningInput = serialiseIssuerJwt(header, payload);
  const disclosures = packed.map((disclosure) => unpackDisclosure(disclosure, names));
  const sdJwt = [`${issuerSigningInput}.${encodeBase64url(signature)}`, ...disclosures, ''].join('~');
  const sdHash = hashSdJwt(sdJwt);
  const binding = bound === null ? undefined : unpackBinding(bound, sdHash, claims, names);
  const token = binding === undefined ? '' : `${binding.signingInput}.${encodeBase64url(binding.signature)}`;
  return {
    text: sdJwt + token,
    header,
    payload,
    issuerSigningInput,
    signature,
    disclosures,
    sdHash,
    binding,
  };
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
