import type { Signer } from '@symbolon/keys/signer';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { StatusClaims } from '../../model/status-claims.ts';
import { writeCredential } from './claims.ts';
import { signCredential } from './issuer-proof.ts';

export interface IssueDataIntegrityOptions {
  /** The region's did:web, exactly as the registry has it. */
  readonly did: string;
  /** Of the registered issuing key; the verification method is `did#kid`. */
  readonly kid: string;
  readonly claims: StatusClaims;
  readonly signer: Signer;
  readonly random: RandomBytes;
}

/**
 * Mints a W3C Verifiable Credential 2.0 with a Data Integrity proof: `ecdsa-rdfc-2019` or `eddsa-rdfc-2022`, as the key is.
 * `proof.created` is the start of the validity, so that it marks nobody. Nothing can be disclosed selectively in this format, so
 * there are no details. Whether the times and names are ones that the region may issue is not checked.
 *
 * @returns JSON text
 * @throws SymbolonError `claims-malformed`
 */
export async function issueDataIntegrity({
  did,
  kid,
  claims,
  signer,
  random,
}: IssueDataIntegrityOptions): Promise<string> {
  const credential = writeCredential(did, claims, random);
  return signCredential({ credential, did, kid, signer, issuedAt: claims.issuedAt });
}
