import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { targetFile } from '../../metadata/file-names.ts';
import { checkIntegrity } from '../../metadata/integrity.ts';
import type { TargetsMetadata } from '../../metadata/metadata.ts';
import type { TargetInfo } from '../../metadata/schemas.ts';
import type { EventFileName } from './event-files.ts';
import { SignatureFile } from './event-json.ts';
import type { EventMetadata, SigningEvent } from './signing-event.ts';

/** A file of a folder that is read as an event; without a name when its path is of another form. */
export interface NamedFile {
  readonly path: string;
  readonly content: Bytes;
  readonly name: EventFileName | undefined;
}

/** Every file is listed by a role of the event, and is what that role says. Which of those that are listed must be here, depends on the base. */
export function checkTargets(
  targets: ReadonlyMap<string, Bytes>,
  roles: ReadonlyMap<string, TargetsMetadata>,
): void {
  const listed = new Map<string, TargetInfo>();
  for (const { signed } of roles.values()) {
    for (const [path, info] of Object.entries(signed.targets)) {
      listed.set(targetFile(path, info.hashes.sha256), info);
    }
  }
  for (const [path, content] of targets) {
    const info = listed.get(path);
    if (info === undefined || content.length > LIMITS.metadataBytes) fail('targets');
    else checkIntegrity(content, info);
  }
}

export function readSignatures(
  files: readonly NamedFile[],
  metadata: EventMetadata,
): SigningEvent['signatures'] {
  const signatures = new Map<string, Map<string, string>>();
  for (const { path, content, name } of files) {
    if (name?.kind !== 'signature') continue;
    const { role, version, keyid } = name;
    within(path, () => {
      if (metadata.get(role)?.signed.version !== version) fail(path);
      const file = check(SignatureFile, parseStrictJson(fromUtf8(content)), 'event-malformed');
      if (file.keyid !== keyid) fail(path);
      signatures.set(role, (signatures.get(role) ?? new Map()).set(keyid, file.sig));
    });
  }
  return signatures;
}

/** Runs a reader, and tells any fault as one of this file of the event. */
export function within<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
    const inner = cause.code === 'event-malformed' && cause.path !== undefined ? cause.path : path;
    throw new SymbolonError('event-malformed', { path: inner, cause });
  }
}

export function fail(path: string, bound?: number): never {
  throw new SymbolonError('event-malformed', { path, ...(bound !== undefined && { bound }) });
}
