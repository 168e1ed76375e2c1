import { check } from '@symbolon/protocol/schemas/common';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import type * as z from 'zod/mini';
import type { Profile, TufKey } from '../metadata/profile.ts';
import { checkPlainIntegrity } from './plain-integrity.ts';
import { readPlainKey } from './plain-keys.ts';
import { PlainRoot, PlainSignatures, PlainSnapshot, PlainTargets, PlainTimestamp } from './plain-schemas.ts';

/** What the signed parts of plain TUF metadata are read into. */
export interface PlainForm {
  readonly root: z.output<typeof PlainRoot>;
  readonly timestamp: z.output<typeof PlainTimestamp>;
  readonly snapshot: z.output<typeof PlainSnapshot>;
  readonly targets: z.output<typeof PlainTargets>;
  readonly key: TufKey;
}

/**
 * TUF 1.0 as the specification has it, for repositories that others made. Wider than a Symbolon registry (metadata/symbolon-profile.ts):
 * any names and paths, RSA keys, keys of unknown kinds (which verify nothing), SHA-512, no consistent snapshots, no `signedAt`.
 */
export const PLAIN: Profile<PlainForm> = {
  root: reader(PlainRoot),
  timestamp: reader(PlainTimestamp),
  snapshot: reader(PlainSnapshot),
  targets: reader(PlainTargets),
  signatures: (signatures) => check(PlainSignatures, signatures, 'metadata-malformed'),
  key: readPlainKey,
  integrity: checkPlainIntegrity,
};

function reader<T extends z.core.$ZodType>(schema: T): (signed: JsonObject) => z.output<T> {
  return (signed) => check(schema, signed, 'metadata-malformed');
}
