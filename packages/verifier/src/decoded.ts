import type { StatusClaims } from '@symbolon/credential/model';
import type { Instant } from '@symbolon/protocol/instant';
import type { Algorithm, PublicJwk } from '@symbolon/protocol/schemas/jwk';

/** A proof that the holder has the key, not yet verified. */
export interface DecodedBinding {
  readonly audience: string;
  readonly nonce: string;
  readonly issuedAt: Instant;
  /** Whether it names the very credential beside it (`sd_hash`; a Data Integrity proof covers it by itself). */
  readonly coversCredential: boolean;
  verify(holderKey: PublicJwk): Promise<boolean>;
}

/** One presentation, decoded and of the right form. Nothing in it is verified. */
export interface Decoded {
  /** An issuer URL (SD-JWT) or a DID (JSON-LD), as the message claims. */
  readonly issuer: string;
  readonly kid: string;
  /** As the message claims: only ever compared with the registered key's. */
  readonly alg: Algorithm;
  readonly claims: StatusClaims;
  /** In which kind of list the status of such a credential is. */
  readonly listedIn: 'token-list' | 'bitstrings';
  readonly details: Readonly<Record<string, string>>;
  readonly binding: DecodedBinding | undefined;
  /** What makes this showing unique: the signing input of the binding, or else of the credential. Never a signature. */
  readonly identity: Uint8Array;
  verifyIssuer(key: PublicJwk): Promise<boolean>;
}
