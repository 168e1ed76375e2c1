import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import {
  type Metadata,
  parseRoot,
  parseTargets,
  type RootMetadata,
  type TargetsMetadata,
} from '../../metadata/metadata.ts';
import { DIFF_FILE, EVENT_FILE, eventFileName } from './event-files.ts';
import { EventJson } from './event-json.ts';
import { checkTargets, fail, type NamedFile, readSignatures, within } from './event-parts.ts';
import { metadataOf, ROOT, type SigningEvent } from './signing-event.ts';

/** Signed with every publication, by no admin. */
const ONLINE_ROLES: readonly string[] = ['snapshot', 'timestamp'];

/**
 * Reads the folder of a signing event. Strict: every file is one that an event has, and they belong together. Signatures are NOT checked, and
 * neither is what the event would do (`checkEvent`).
 *
 * @param files by path from the folder, with `/`
 * @throws SymbolonError `event-malformed`
 */
export function readEvent(files: ReadonlyMap<string, Bytes>): SigningEvent {
  // REQ-CER-001
  if (files.size > LIMITS.eventFiles) fail('(root)', LIMITS.eventFiles);
  const bytes = [...files.values()].reduce((sum, each) => sum + each.length, 0);
  if (bytes > LIMITS.eventBytes) fail('(root)', LIMITS.eventBytes);

  const named = [...files].map(([path, content]) => ({ path, content, name: eventFileName(path) }));
  const proposed = readMetadata(named);
  const { root, roles } = proposed;
  const targets = new Map([...files].filter(([path]) => path.startsWith('targets/')));
  within('targets', () => checkTargets(targets, roles));
  for (const { path, name } of named) {
    if (name === undefined && !targets.has(path) && path !== EVENT_FILE && path !== DIFF_FILE) fail('(root)');
  }
  const json = within(EVENT_FILE, () => readJson(files.get(EVENT_FILE)));
  const listed = [...metadataOf(proposed)].map(([role, { signed }]) => `${signed.version}.${role}`);
  if (json.roles.map(({ role, version }) => `${version}.${role}`).join() !== listed.join()) fail('roles');
  const diff = files.get(DIFF_FILE);
  return {
    title: json.title,
    createdAt: json.createdAt,
    base: json.base ?? undefined,
    changes: json.changes,
    root,
    roles,
    targets,
    signatures: readSignatures(named, metadataOf(proposed)),
    diff: diff && within(DIFF_FILE, () => fromUtf8(diff)),
  };
}

function readMetadata(files: readonly NamedFile[]): Pick<SigningEvent, 'root' | 'roles'> {
  let root: RootMetadata | undefined;
  const roles = new Map<string, TargetsMetadata>();
  for (const { path, content, name } of files.toSorted(byRole)) {
    if (name?.kind !== 'metadata') continue;
    const { role, version } = name;
    within(path, () => {
      if (ONLINE_ROLES.includes(role) || roles.has(role) || (role === ROOT && root !== undefined)) fail(path);
      if (role === ROOT) root = unsignedOf(parseRoot(content), version);
      else roles.set(role, unsignedOf(parseTargets(content), version));
    });
  }
  return { root, roles };
}

function unsignedOf<T extends Metadata<{ readonly version: number }>>(metadata: T, version: number): T {
  if (metadata.signed.version !== version || metadata.signatures.length > 0) fail('metadata');
  return metadata;
}

function readJson(content: Bytes | undefined): EventJson {
  if (content === undefined) fail(EVENT_FILE);
  return check(EventJson, parseStrictJson(fromUtf8(content)), 'event-malformed');
}

/** Root first, then in the order of the names. */
function byRole(a: NamedFile, b: NamedFile): number {
  const [left, right] = [a.name?.role ?? '', b.name?.role ?? ''];
  if (left === right) return 0;
  if (left === ROOT || right === ROOT) return left === ROOT ? -1 : 1;
  return left < right ? -1 : 1;
}
