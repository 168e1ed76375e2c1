import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { Decision } from '../decisions/decision.ts';
import type { Publication } from '../publication.ts';
import { type MintPorts, mintCredentials } from './mint-credentials.ts';
import { FORMATS, type Format } from './validity.ts';

export type { MintPorts } from './mint-credentials.ts';

export interface MintRequest {
  /** The current one. */
  readonly decision: Decision;
  readonly format: Format;
  /** One credential each; all different, possession proven. */
  readonly holderKeys: readonly PublicJwk[];
  /** Whether the authority has let a contest's deadline pass. */
  readonly contested?: boolean;
}

/**
 * Mints one credential per holder key from the current decision: own salts, own random status index, the same rounded times, so
 * two verifiers that compare notes see only what everyone of that class shares (protocol, section 5).
 *
 * @throws SymbolonError `batch-too-large`, `possession-duplicate`, `format-unsupported`, and what `mintCredentials` throws
 */
export async function mintBatch(
  ports: MintPorts,
  publication: Publication,
  { decision, format, holderKeys, contested = false }: MintRequest,
  now: Instant,
): Promise<string[]> {
  // REQ-ISS-012
  if (holderKeys.length > LIMITS.batchCredentials)
    throw new SymbolonError('batch-too-large', { bound: LIMITS.batchCredentials });
  // REQ-ISS-011: also for a caller that has not looked at the proofs. Two points with one x are a key and its negative: verifiers would see that.
  if (new Set(holderKeys.map(({ x }) => x)).size !== holderKeys.length)
    throw new SymbolonError('possession-duplicate');
  // REQ-ISS-013
  if (!FORMATS.includes(format)) throw new SymbolonError('format-unsupported');
  if (holderKeys.length === 0) return [];
  const order = { decision, format, holders: holderKeys, details: {}, contested };
  return mintCredentials(ports, publication, order, now);
}
