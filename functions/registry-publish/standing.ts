import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { metadataFile, rootFile } from '@symbolon/registry/file-names';
import { walkSnapshots } from '@symbolon/registry/history/walk-snapshots';
import { parseRoot, parseTargets } from '@symbolon/registry/metadata';
import type { ReadFile } from '@symbolon/registry/source';
import { newRolesOf, publishedVersion } from './glance.ts';

/** Versions that are published already are compared in so many roles, and looked for in so many snapshots. */
const COMPARED = 8;
const WALKED = 8;

/** How the versions of an event stand to those that are published. `open`: at least one is new, and none is another file than the published one. */
export type Standing = 'there already' | 'overtaken' | 'open';

/**
 * Whether there is anything to publish at all, by versions and at a bounded cost: whatever was published once can be sent by anyone, for ever. An event that
 * was followed by many others counts as overtaken: whoever wants to know reads the history.
 *
 * @param published whole or a glance at it
 */
export async function standingOf(event: SigningEvent, published: Draft, read: ReadFile): Promise<Standing> {
  const fresh = new Set(newRolesOf(event, published));
  const old = [...event.roles].filter(([role]) => !fresh.has(role));
  const { root } = event;
  const isRootOld =
    root !== undefined && root.signed.version <= (published.base?.trust.root.signed.version ?? 0);
  if (isRootOld && !(await isSame(read, rootFile(root.signed.version), root.signingBytes, parseRoot)))
    return 'overtaken';
  if (old.length > COMPARED && old.some(([role]) => !published.roles.has(role))) return 'overtaken';
  for (const [role, { signed, signingBytes }] of old) {
    const held = published.roles.get(role);
    const same =
      held?.signed.version === signed.version
        ? equalBytes(held.signingBytes, signingBytes)
        : await isSame(read, metadataFile(role, signed.version), signingBytes, parseTargets);
    if (!same) return 'overtaken';
  }
  if (fresh.size > 0 || (root !== undefined && !isRootOld)) return 'open';
  return (await wereListed(event, published, read)) ? 'there already' : 'overtaken';
}

async function isSame(
  read: ReadFile,
  path: string,
  signingBytes: Bytes,
  parse: (bytes: Bytes) => { readonly signingBytes: Bytes },
): Promise<boolean> {
  const bytes = await read(path, { maxBytes: LIMITS.metadataBytes });
  if (bytes === undefined) return false;
  try {
    return equalBytes(parse(bytes).signingBytes, signingBytes);
  } catch (error) {
    if (isSymbolonError(error)) return false;
    throw error;
  }
}

/** A file alone says nothing: one that a broken publication left lies there, too. */
async function wereListed({ roles }: SigningEvent, published: Draft, read: ReadFile): Promise<boolean> {
  const open = new Map(
    [...roles]
      .map(([role, { signed }]) => [role, signed.version] as const)
      .filter(([role, version]) => version !== publishedVersion(published, role)),
  );
  const trust = published.base?.trust;
  if (open.size === 0 || trust === undefined) return trust !== undefined;
  let walked = 0;
  for await (const { snapshot } of walkSnapshots(read, trust)) {
    for (const [role, version] of open) {
      const here = own(snapshot.signed.meta, `${role}.json`)?.version ?? 0;
      if (here < version) return false;
      if (here === version) open.delete(role);
    }
    if (open.size === 0) return true;
    if (++walked > WALKED) return false;
  }
  return false;
}
