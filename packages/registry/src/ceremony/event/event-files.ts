import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import * as z from 'zod/mini';
import { jsonFile } from '../json-file.ts';
import { EventJson } from './event-json.ts';
import { metadataOf, type SigningEvent } from './signing-event.ts';

export const EVENT_FILE = 'event.json';
export const DIFF_FILE = 'DIFF.md';

/** `metadata/4.CN-HA.json`: as in the registry, but unsigned. */
const METADATA = /^metadata\/([1-9][0-9]{0,9})\.([A-Za-z0-9](?:[A-Za-z0-9.-]{0,158}[A-Za-z0-9])?)\.json$/;
const SIGNATURE =
  /^signatures\/([1-9][0-9]{0,9})\.([A-Za-z0-9](?:[A-Za-z0-9.-]{0,158}[A-Za-z0-9])?)\.([0-9a-f]{64})\.json$/;

export interface EventFileName {
  readonly kind: 'metadata' | 'signature';
  readonly role: string;
  readonly version: number;
  /** Empty for metadata. */
  readonly keyid: string;
}

export function eventFileName(path: string): EventFileName | undefined {
  const metadata = METADATA.exec(path);
  const [, version, role, keyid] = metadata ?? SIGNATURE.exec(path) ?? [];
  if (version === undefined || role === undefined) return undefined;
  const kind = metadata === null ? 'signature' : 'metadata';
  return { kind, role, version: Number(version), keyid: keyid ?? '' };
}

/**
 * The folder that an event is, by path. The same event gives the same files, and what was signed never changes, so copies of a folder are
 * merged by copying their files together.
 */
export function eventFiles(event: SigningEvent): ReadonlyMap<string, Bytes> {
  const metadata = metadataOf(event);
  const files = new Map<string, Bytes>([[EVENT_FILE, eventJson(event)]]);
  if (event.diff !== undefined) files.set(DIFF_FILE, utf8(event.diff));
  for (const [role, { signed, bytes }] of metadata)
    files.set(`metadata/${signed.version}.${role}.json`, bytes);
  for (const [path, bytes] of event.targets) files.set(path, bytes);
  for (const [role, signatures] of event.signatures) {
    const version = metadata.get(role)?.signed.version;
    for (const [keyid, sig] of signatures) {
      files.set(`signatures/${version}.${role}.${keyid}.json`, jsonFile({ keyid, sig }));
    }
  }
  return files;
}

function eventJson(event: SigningEvent): Bytes {
  const { title, createdAt, base, changes } = event;
  const roles = [...metadataOf(event)].map(([role, { signed }]) => ({ role, version: signed.version }));
  const json = {
    symbolonEvent: 1 as const,
    title,
    createdAt,
    base: base ?? null,
    changes: [...changes],
    roles,
  };
  return jsonFile(z.encode(EventJson, json));
}
