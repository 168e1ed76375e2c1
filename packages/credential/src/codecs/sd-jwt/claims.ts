import { formatVct, parseVct } from '@symbolon/protocol/ids';
import { check } from '@symbolon/protocol/schemas/common';
import { SdJwtClaims, StatusEntry } from '@symbolon/protocol/schemas/credential';
import { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import type { StatusClaims } from '../../model/status-claims.ts';

/**
 * The claims of the protocol and no others: what is not named here could mark a holder, or mean something to another reader.
 * REQ-BND-001: either a holder key or `bearer`, so that nothing cut off or added turns one into the other.
 */
const StrictClaims = z
  .strictObject({
    ...SdJwtClaims.shape,
    status: z.optional(z.strictObject({ status_list: z.strictObject(StatusEntry.shape) })),
    cnf: z.optional(z.strictObject({ jwk: PublicJwk })),
  })
  .check(z.refine((claims) => (claims.cnf === undefined) === (claims.bearer === true), { path: ['cnf'] }));
export type StrictClaims = z.output<typeof StrictClaims>;

/**
 * The payload of an SD-JWT VC, in the order in which it is always written (protocol, section 6: the QR text relies on it).
 *
 * @param detailsDigest the one digest in `_sd`
 * @throws SymbolonError `claims-malformed`
 */
export function writeSdJwtClaims(issuer: string, claims: StatusClaims, detailsDigest: string): StrictClaims {
  const { sampledAt, statusEntry, holderKey, via } = claims;
  return check(
    StrictClaims,
    {
      iss: issuer,
      vct: formatVct(claims),
      level: claims.level,
      rule: claims.rule,
      authority: claims.authority,
      assurance: claims.assurance,
      ...(sampledAt !== undefined && { at: sampledAt }),
      iat: claims.issuedAt,
      exp: claims.expiresAt,
      ...(statusEntry !== undefined && { status: { status_list: orderedEntry(statusEntry) } }),
      ...(holderKey !== undefined && { cnf: { jwk: orderedJwk(holderKey) } }),
      ...(claims.bearer && { bearer: true }),
      ...(claims.contested && { contested: true }),
      ...(via !== undefined && { via }),
      _sd: [detailsDigest],
      _sd_alg: 'sha-256',
    },
    'claims-malformed',
  );
}

export interface ReadClaims {
  readonly issuer: string;
  readonly claims: StatusClaims;
  readonly detailsDigest: string;
}

/** @throws SymbolonError `claims-malformed` */
export function readSdJwtClaims(payload: JsonObject): ReadClaims {
  return readStrictClaims(check(StrictClaims, payload, 'claims-malformed'));
}

/** The same of a payload that was written here, and so checked already. */
export function readStrictClaims(claims: StrictClaims): ReadClaims {
  const { iss, vct, level, rule, authority, assurance, at, iat, exp, status, cnf, via, _sd } = claims;
  return {
    issuer: iss,
    detailsDigest: _sd.join(),
    claims: {
      ...parseVct(vct),
      level,
      rule,
      authority,
      assurance,
      ...(at !== undefined && { sampledAt: at }),
      issuedAt: iat,
      expiresAt: exp,
      ...(status !== undefined && { statusEntry: status.status_list }),
      ...(cnf !== undefined && { holderKey: cnf.jwk }),
      bearer: claims.bearer === true,
      contested: claims.contested === true,
      ...(via !== undefined && { via }),
    },
  };
}

function orderedEntry({ idx, uri }: StatusEntry): StatusEntry {
  return { idx, uri };
}

function orderedJwk(jwk: PublicJwk): PublicJwk {
  return jwk.kty === 'EC'
    ? { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }
    : { kty: jwk.kty, crv: jwk.crv, x: jwk.x };
}
