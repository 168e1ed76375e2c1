import { access, lstat, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { eventFiles } from '@symbolon/registry/ceremony/event/event-files';
import { readEvent } from '@symbolon/registry/ceremony/event/read-event';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { givenBy } from '../files/file-fault.ts';
import { makeOpenFolder } from '../files/make-folder.ts';
import { readFolder } from '../files/read-folder.ts';
import { isFault, MODE, replaceFile } from '../files/write-file.ts';
import { asidesOf, newAside } from './event-asides.ts';

/** @throws SymbolonError `event-malformed`; the file system's own error when there is no such folder */
export async function readEventFolder(folder: string): Promise<SigningEvent> {
  await restoreFormer(resolve(folder));
  return readEvent(await givenBy('the event', () => readFolder(folder)));
}

/** Whether there is an event, or anything else, at this path. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Writes an event as a folder, in place of the one that is there: made whole aside, and then moved. When that breaks off, the former event comes
 * back with the next command.
 */
export async function replaceEventFolder(path: string, event: SigningEvent): Promise<void> {
  // Without a slash at its end: what is put beside the folder must not lie in it.
  const folder = resolve(path);
  await restoreFormer(folder);
  const left = await asidesOf(folder);
  const aside = newAside(folder, 'new');
  await writeFiles(aside, eventFiles(event));
  const former = newAside(folder, 'former');
  const isReplaced = await isThere(folder);
  if (isReplaced) await rename(folder, former);
  await rename(aside, folder);
  if (isReplaced) await rm(former, { recursive: true });
  // Of earlier runs that broke off: made by this tool, and made whole again by it.
  for (const each of left) await rm(each.path, { recursive: true, force: true });
}

/** Adds files to an event (signatures, a newer diff), and leaves all others alone: copies of one event can be merged by copying. */
export async function addToEventFolder(
  folder: string,
  before: SigningEvent,
  after: SigningEvent,
): Promise<void> {
  const there = eventFiles(before);
  const added = [...eventFiles(after)].filter(([path, bytes]) => !sameBytes(there.get(path), bytes));
  await writeFiles(folder, new Map(added));
}

/** Puts a former event back where nothing took its place. Reading removes nothing. */
async function restoreFormer(folder: string): Promise<void> {
  if (await isThere(folder)) return;
  const [former, ...others] = (await asidesOf(folder)).filter(({ kind }) => kind === 'former');
  // Which of several it was, nobody knows.
  if (former !== undefined && others.length === 0) await rename(former.path, folder);
}

async function writeFiles(folder: string, files: ReadonlyMap<string, Bytes>): Promise<void> {
  for (const path of files.keys()) await refuseLinks(folder, path);
  for (const [path, bytes] of files) {
    const target = join(folder, path);
    await makeOpenFolder(folder, dirname(target));
    await replaceFile(target, bytes, MODE.open);
  }
}

/** Whoever made the folder may have put a link in it: nothing is written elsewhere. @throws SymbolonError `event-malformed` */
async function refuseLinks(folder: string, path: string): Promise<void> {
  for (let inner = dirname(path); inner !== '.'; inner = dirname(inner)) {
    const found = await lstat(join(folder, inner)).catch((error: unknown) => {
      if (isFault(error, 'ENOENT')) return undefined;
      throw error;
    });
    // REQ-CER-001
    if (found !== undefined && !found.isDirectory()) {
      throw new SymbolonError('event-malformed', { path: basename(inner) });
    }
  }
}

function sameBytes(a: Bytes | undefined, b: Bytes): boolean {
  return a !== undefined && Buffer.from(a).equals(Buffer.from(b));
}
