import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { check, Kid } from '@symbolon/protocol/schemas/common';
import { Algorithm } from '@symbolon/protocol/schemas/jwk';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import type { StatusClaims } from '../../model/status-claims.ts';
import { type StrictClaims, writeSdJwtClaims } from './claims.ts';

const TYPE = 'dc+sd-jwt';

/** Strict: `crit`, `jwk`, `x5c` and the like have no place, since keys come from the registry only. */
const Header = z.strictObject({ alg: Algorithm, typ: z.literal(TYPE), kid: Kid });
export type IssuerHeader = Pick<z.output<typeof Header>, 'alg' | 'kid'>;

/** @throws SymbolonError `type-unexpected`, `algorithm-mismatch`, `jwt-malformed` */
export function readIssuerHeader(header: JsonObject): IssuerHeader {
  if (header['typ'] !== TYPE) throw new SymbolonError('type-unexpected');
  // REQ-KEY-008: no registered key is for any other algorithm.
  if (!Algorithm.safeParse(header['alg']).success) throw new SymbolonError('algorithm-mismatch');
  return check(Header, header, 'jwt-malformed');
}

export interface IssuerJwtParts extends IssuerHeader {
  readonly issuer: string;
  readonly claims: StatusClaims;
  readonly detailsDigest: string;
}

/**
 * What an issuer signs: header and payload in one fixed order, JSON without white space, base64url.
 *
 * @throws SymbolonError `claims-malformed`
 */
export function writeIssuerJwt({ alg, kid, issuer, claims, detailsDigest }: IssuerJwtParts): string {
  return serialiseIssuerJwt({ alg, kid }, writeSdJwtClaims(issuer, claims, detailsDigest));
}

/** The same of a payload in its order. */
export function serialiseIssuerJwt({ alg, kid }: IssuerHeader, payload: StrictClaims): string {
  const header = JSON.stringify({ alg, typ: TYPE, kid });
  return `${encodeBase64url(utf8(header))}.${encodeBase64url(utf8(JSON.stringify(payload)))}`;
}
