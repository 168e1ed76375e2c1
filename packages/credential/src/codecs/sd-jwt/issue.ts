import type { Signer } from '@symbolon/keys/signer';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { Details, StatusClaims } from '../../model/status-claims.ts';
import { makeDetails } from './details.ts';
import { writeIssuerJwt } from './issuer-jwt.ts';

export interface IssueSdJwtOptions {
  /** `iss`: the region's https issuer URL, exactly as the registry has it. */
  readonly issuer: string;
  readonly claims: StatusClaims;
  readonly details: Details;
  /** A registered issuing key of that region: its `kid` and `alg` go into the header. */
  readonly signer: Signer;
  readonly random: RandomBytes;
}

/**
 * Mints an SD-JWT VC (RFC 9901; typ `dc+sd-jwt`) with all its disclosures, ending with `~`. Check it with
 * `checkMintedSdJwt` before handing it out. Whether the times and names are ones that the region may issue is not checked.
 *
 * @throws SymbolonError `claims-malformed` when the claims or details do not have the form of the protocol
 */
export async function issueSdJwt({
  issuer,
  claims,
  details,
  signer,
  random,
}: IssueSdJwtOptions): Promise<string> {
  const { digest, disclosures } = makeDetails(details, random);
  const { alg, kid } = signer;
  const signingInput = writeIssuerJwt({ alg, kid, issuer, claims, detailsDigest: digest });
  const signature = await signer.sign(utf8(signingInput));
  return [`${signingInput}.${encodeBase64url(signature)}`, ...disclosures, ''].join('~');
}
