import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { isJsonObject, type Json, type JsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import type * as z from 'zod/mini';
import { type KeyRing, readKeys } from './keys.ts';
import {
  RootSigned,
  type Signature,
  Signatures,
  SnapshotSigned,
  TargetsSigned,
  TimestampSigned,
} from './schemas.ts';

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
export interface Delegating<T> extends Metadata<T> {
  readonly keys: KeyRing;
}

export type RootMetadata = Delegating<RootSigned>;
export type TimestampMetadata = Metadata<TimestampSigned>;
export type SnapshotMetadata = Metadata<SnapshotSigned>;
export type TargetsMetadata = Delegating<TargetsSigned>;

/** @throws SymbolonError `metadata-malformed`, `metadata-too-large` */
export function parseRoot(bytes: Bytes): RootMetadata {
  const metadata = parseMetadata(bytes, RootSigned);
  return { ...metadata, keys: readKeys(metadata.raw['keys']) };
}

/** @throws SymbolonError `metadata-malformed`, `metadata-too-large` */
export function parseTimestamp(bytes: Bytes): TimestampMetadata {
  return parseMetadata(bytes, TimestampSigned);
}

/** @throws SymbolonError `metadata-malformed`, `metadata-too-large` */
export function parseSnapshot(bytes: Bytes): SnapshotMetadata {
  return parseMetadata(bytes, SnapshotSigned);
}

/** @throws SymbolonError `metadata-malformed`, `metadata-too-large` */
export function parseTargets(bytes: Bytes): TargetsMetadata {
  const metadata = parseMetadata(bytes, TargetsSigned);
  const delegations = metadata.raw['delegations'];
  return { ...metadata, keys: isJsonObject(delegations) ? readKeys(delegations['keys']) : new Map() };
}

function parseMetadata<T extends z.core.$ZodType>(bytes: Bytes, schema: T): Metadata<z.output<T>> {
  if (bytes.length > LIMITS.metadataBytes) {
    throw new SymbolonError('metadata-too-large', { bound: LIMITS.metadataBytes });
  }
  const { signed: raw, signatures } = readEnvelope(bytes);
  return {
    // REQ-REG-002: whole versions from 1, instants that are instants, TUF 1.x.
    signed: check(schema, raw, 'metadata-malformed'),
    raw,
    signingBytes: signingBytesOf(raw),
    signatures: check(Signatures, signatures, 'metadata-malformed'),
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
