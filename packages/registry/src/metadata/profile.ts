import type { Bytes } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { Json, JsonObject } from '@symbolon/protocol/strict-json';

/**
 * What one reader of TUF 1.0 takes for metadata. There are two: a Symbolon registry (symbolon-profile.ts: stricter than TUF asks) and plain
 * TUF (tuf-client/plain-profile.ts). All that differs between them is in those two values; the workflow (trusted-set.ts) is one.
 *
 * The profile is chosen with the trust anchor, and what is trusted through that anchor carries it on: no file can choose another.
 */
export interface Profile<F extends Form = Form> {
  /** Readers of the `signed` part of each kind of file. All throw SymbolonError `metadata-malformed`. */
  readonly root: (signed: JsonObject) => F['root'];
  readonly timestamp: (signed: JsonObject) => F['timestamp'];
  readonly snapshot: (signed: JsonObject) => F['snapshot'];
  readonly targets: (signed: JsonObject) => F['targets'];
  readonly signatures: (signatures: Json | undefined) => readonly Signature[];
  /** One key object, its key id already recomputed. @throws SymbolonError `metadata-malformed` */
  readonly key: (key: JsonObject) => F['key'];
  /** Whether a file is the one that its parent describes. @throws SymbolonError `metadata-mismatch` */
  readonly integrity: (bytes: Bytes, described: Described) => void | Promise<void>;
}

/** The types that a profile reads into. These are the widest ones; a profile may know more of each. */
export interface Form {
  readonly root: RootForm;
  readonly timestamp: TimestampForm;
  readonly snapshot: SnapshotForm;
  readonly targets: TargetsForm;
  readonly key: TufKey;
}

/** A key that the trusted set can check signatures with: one of the protocol's, or one that brings its own check. */
export type TufKey = PublicJwk | OtherKey;

/** A key of a kind that only the plain profile knows. */
export interface OtherKey {
  /** Equal for equal keys, whatever key ids they go by. */
  readonly identity: string;
  /** Whether `sig` (as it stands in the file) is a signature of this key over `data`. */
  readonly verifies: (data: Bytes, sig: string) => Promise<boolean>;
}

export interface Signature {
  readonly keyid: string;
  readonly sig: string;
}

export interface RoleKeys {
  readonly keyids: readonly string[];
  readonly threshold: number;
}

/** Lower-case hex. */
export interface Hashes {
  readonly sha256?: string | undefined;
  readonly sha512?: string | undefined;
}

/** What a parent says of a file. Length and hashes are optional for metadata (TUF 1.0, section 4.4). */
export interface Described {
  readonly length?: number | undefined;
  readonly hashes?: Hashes | undefined;
}

interface MetaFileForm extends Described {
  readonly version: number;
}

interface TargetForm {
  readonly length: number;
  readonly hashes: Hashes;
}

interface CommonForm {
  readonly version: number;
  readonly expires: Instant;
}

interface RootForm extends CommonForm {
  /** Whether file names carry versions and hashes (TUF 1.0, section 6.2). */
  readonly consistent_snapshot?: boolean | undefined;
  readonly roles: Readonly<Record<'root' | 'targets' | 'snapshot' | 'timestamp', RoleKeys>>;
}

interface TimestampForm extends CommonForm {
  readonly meta: { readonly 'snapshot.json': MetaFileForm };
}

interface SnapshotForm extends CommonForm {
  readonly meta: Readonly<Record<string, MetaFileForm>>;
}

interface TargetsForm extends CommonForm {
  readonly targets: Readonly<Record<string, TargetForm>>;
  readonly delegations?: { readonly roles: readonly DelegationForm[] } | undefined;
}

export interface DelegationForm extends RoleKeys {
  readonly name: string;
  readonly terminating: boolean;
  readonly paths?: readonly string[] | undefined;
  readonly path_hash_prefixes?: readonly string[] | undefined;
}
