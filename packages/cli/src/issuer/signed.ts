import { type StatementKind, signStatement } from '@symbolon/issuer/statement';
import type { Signer } from '@symbolon/keys/signer';
import type { Instant } from '@symbolon/protocol/instant';

export interface SignOptions {
  /** The region's issuer URL. */
  readonly audience: string;
  readonly now: Instant;
  readonly signer: Signer;
}

/** A statement for a region, signed now. */
export function signed(
  kind: StatementKind,
  claims: object,
  { audience, now, signer }: SignOptions,
): Promise<string> {
  return signStatement(kind, { aud: audience, iat: now, ...claims }, signer);
}
