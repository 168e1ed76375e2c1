import { check } from '@symbolon/protocol/schemas/common';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import type * as z from 'zod/mini';
import { checkIntegrity } from './integrity.ts';
import { readKey } from './keys.ts';
import type { Profile } from './profile.ts';
import { RootSigned, Signatures, SnapshotSigned, TargetsSigned, TimestampSigned } from './schemas.ts';

/** What the signed parts of a Symbolon registry are read into. */
export interface SymbolonForm {
  readonly root: RootSigned;
  readonly timestamp: TimestampSigned;
  readonly snapshot: SnapshotSigned;
  readonly targets: TargetsSigned;
  readonly key: PublicJwk;
}

/**
 * REQ-REG-002: the metadata of a Symbolon registry (docs/spec/registry.md): consistent snapshots, `signedAt`, SHA-256, plain names and
 * paths, P-256 and Ed25519, nothing else. The only profile that `openRegistry`, `refresh` and `openBundle` know.
 */
export const SYMBOLON: Profile<SymbolonForm> = {
  root: reader(RootSigned),
  timestamp: reader(TimestampSigned),
  snapshot: reader(SnapshotSigned),
  targets: reader(TargetsSigned),
  signatures: (signatures) => check(Signatures, signatures, 'metadata-malformed'),
  key: readKey,
  integrity: checkIntegrity,
};

function reader<T extends z.core.$ZodType>(schema: T): (signed: JsonObject) => z.output<T> {
  return (signed) => check(schema, signed, 'metadata-malformed');
}
