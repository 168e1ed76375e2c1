import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { isJsonObject, type Json, type JsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import { type KeyRing, readKeys } from './keys.ts';
import type { Form, Profile, Signature } from './profile.ts';
import type { RootSigned, SnapshotSigned, TargetsSigned, TimestampSigned } from './schemas.ts';
import { SYMBOLON } from './symbolon-profile.ts';

/** A metadata file that has the right form. Its signatures, version and expiry are NOT checked yet. */
export interface Metadata<T> {
  readonly signed: T;
  /** The signed part as it was read, with the fields that this version does not know. */
  readonly raw: JsonObject;
  /** What the signatures are over: the canonical JSON of `raw` (TUF 1.0, section 4.2.1). */
  readonly signingBytes: Bytes;
  readonly signatures: readonly Signature[];
  /** The file. */
  readonly bytes: Bytes;
}

/** Metadata that names the keys of other roles. */
export interface Delegating<T, K = PublicJwk> extends Metadata<T> {
  readonly keys: KeyRing<K>;
}

export type RootMetadata = Delegating<RootSigned>;
export type TimestampMetadata = Metadata<TimestampSigned>;
export type SnapshotMetadata = Metadata<SnapshotSigned>;
export type TargetsMetadata = Delegating<TargetsSigned>;

/** Root as a profile takes it. @throws SymbolonError `metadata-malformed`, `metadata-too-large` */
export function readRoot<F extends Form>(profile: Profile<F>, bytes: Bytes): Delegating<F['root'], F['key']> {
  const metadata = readMetadata(profile, bytes, profile.root);
  return { ...metadata, keys: readKeys(metadata.raw['keys'], profile.key) };
}

/** @throws SymbolonError `metadata-malformed`, `metadata-too-large` */
export function readTimestamp<F extends Form>(profile: Profile<F>, bytes: Bytes): Metadata<F['timestamp']> {
  return readMetadata(profile, bytes, profile.timestamp);
}

/** @throws SymbolonError `metadata-malformed`, `metadata-too-large` */
export function readSnapshot<F extends Form>(profile: Profile<F>, bytes: Bytes): Metadata<F['snapshot']> {
  return readMetadata(profile, bytes, profile.snapshot);
}

/** Targets, or any delegated role. @throws SymbolonError `metadata-malformed`, `metadata-too-large` */
export function readTargets<F extends Form>(
  profile: Profile<F>,
  bytes: Bytes,
): Delegating<F['targets'], F['key']> {
  const metadata = readMetadata(profile, bytes, profile.targets);
  const delegations = metadata.raw['delegations'];
  const keys = isJsonObject(delegations)
    ? readKeys(delegations['keys'], profile.key)
    : new Map<string, F['key']>();
  return { ...metadata, keys };
}

/** The same four for a Symbolon registry. */
export const parseRoot = (bytes: Bytes): RootMetadata => readRoot(SYMBOLON, bytes);
export const parseTimestamp = (bytes: Bytes): TimestampMetadata => readTimestamp(SYMBOLON, bytes);
export const parseSnapshot = (bytes: Bytes): SnapshotMetadata => readSnapshot(SYMBOLON, bytes);
export const parseTargets = (bytes: Bytes): TargetsMetadata => readTargets(SYMBOLON, bytes);

function readMetadata<T>(profile: Profile, bytes: Bytes, read: (signed: JsonObject) => T): Metadata<T> {
  if (bytes.length > LIMITS.metadataBytes) {
    throw new SymbolonError('metadata-too-large', { bound: LIMITS.metadataBytes });
  }
  const { signed: raw, signatures } = readEnvelope(bytes);
  return {
    // REQ-REG-002: whole versions from 1, instants that are instants, TUF 1.x.
    signed: read(raw),
    raw,
    signingBytes: signingBytesOf(raw),
    signatures: profile.signatures(signatures),
    bytes,
  };
}

/** The two parts of any metadata file, unchecked. @throws SymbolonError `metadata-malformed` */
export function readEnvelope(bytes: Bytes): { signed: JsonObject; signatures: Json | undefined } {
  let envelope: Json;
  try {
    envelope = parseStrictJson(fromUtf8(bytes));
  } catch (cause) {
    throw new SymbolonError('metadata-malformed', { cause });
  }
  if (!isJsonObject(envelope)) throw new SymbolonError('metadata-malformed', { path: '(root)' });
  const { signed, signatures } = envelope;
  if (!isJsonObject(signed)) throw new SymbolonError('metadata-malformed', { path: 'signed' });
  return { signed, signatures };
}

/** @throws SymbolonError `metadata-malformed` for what has no single canonical form */
export function signingBytesOf(signed: JsonObject): Bytes {
  let text: string;
  try {
    text = canonicalJson(signed);
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
    throw new SymbolonError('metadata-malformed', { cause });
  }
  // A lone surrogate would be signed as U+FFFD, and so two texts would share a signature.
  if (!text.isWellFormed()) throw new SymbolonError('metadata-malformed');
  return utf8(text);
}
