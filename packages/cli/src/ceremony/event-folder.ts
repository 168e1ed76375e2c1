import { access, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Bytes } from '@symbolon/protocol/bytes';
import { eventFiles } from '@symbolon/registry/ceremony/event/event-files';
import { readEvent } from '@symbolon/registry/ceremony/event/read-event';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { readFolder } from '../files/read-folder.ts';
import { MODE, replaceFile } from '../files/write-file.ts';

/** Where an event is kept while a newer one takes its place. */
const FORMER = '.former';

/** @throws SymbolonError `event-malformed`; the file system's own error when there is no such folder */
export async function readEventFolder(folder: string): Promise<SigningEvent> {
  await restoreFormer(resolve(folder));
  return readEvent(await readFolder(folder));
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
  const aside = `${folder}.${crypto.randomUUID()}.tmp`;
  await writeFiles(aside, eventFiles(event));
  await restoreFormer(folder);
  const former = `${folder}${FORMER}`;
  if (await isThere(folder)) await rename(folder, former);
  await rename(aside, folder);
  await rm(former, { recursive: true, force: true });
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

async function restoreFormer(folder: string): Promise<void> {
  const former = `${folder}${FORMER}`;
  if (!(await isThere(former))) return;
  if (await isThere(folder)) await rm(former, { recursive: true });
  else await rename(former, folder);
}

async function writeFiles(folder: string, files: ReadonlyMap<string, Bytes>): Promise<void> {
  for (const [path, bytes] of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await replaceFile(target, bytes, MODE.open);
  }
}

function sameBytes(a: Bytes | undefined, b: Bytes): boolean {
  return a !== undefined && Buffer.from(a).equals(Buffer.from(b));
}
