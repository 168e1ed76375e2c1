import { equalBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { walkSnapshots } from '../../history/walk-snapshots.ts';
import { metadataFile, rootFile } from '../../metadata/file-names.ts';
import { type Metadata, parseRoot, parseTargets } from '../../metadata/metadata.ts';
import type { Draft } from '../draft.ts';
import type { SigningEvent } from './signing-event.ts';

/** How far back an event is looked for in the history. */
const SEARCHED = 256;

/**
 * What of an event is not published yet: all of it, as a rule; nothing, when it is run again; and only the root, when a publication broke off between the
 * timestamp and the root. What was published stays published when another publication came after it.
 */
export async function unpublishedPart(
  event: SigningEvent,
  published: Draft | undefined,
): Promise<SigningEvent> {
  const trust = published?.base?.trust;
  if (published === undefined || trust === undefined) return event;
  const { root } = event;
  const rootIn =
    root !== undefined &&
    root.signed.version <= trust.root.signed.version &&
    (await isThere(published, rootFile(root.signed.version), root, parseRoot));

  const open = new Map(event.roles);
  for (const [role, metadata] of event.roles) {
    const file = metadataFile(role, metadata.signed.version);
    if (!(await isThere(published, file, metadata, parseTargets))) open.delete(role);
  }
  // Its files may be there because a publication broke off: what counts is whether a snapshot ever listed them.
  const done = await listed(published, open);
  return {
    ...event,
    root: rootIn ? undefined : root,
    roles: new Map([...event.roles].filter(([role]) => !done.has(role))),
  };
}

async function isThere(
  { read }: Draft,
  path: string,
  metadata: Metadata<unknown>,
  parse: (bytes: Uint8Array<ArrayBuffer>) => Metadata<unknown>,
): Promise<boolean> {
  const bytes = await read(path, { maxBytes: LIMITS.metadataBytes });
  if (bytes === undefined) return false;
  try {
    return equalBytes(parse(bytes).signingBytes, metadata.signingBytes);
  } catch (error) {
    if (isSymbolonError(error)) return false;
    throw error;
  }
}

/** Those of the roles that a snapshot of the chain lists in just this version. */
async function listed(published: Draft, roles: SigningEvent['roles']): Promise<ReadonlySet<string>> {
  const done = new Set<string>();
  const open = new Map([...roles].map(([role, { signed }]) => [role, signed.version]));
  const trust = published.base?.trust;
  if (trust === undefined || open.size === 0) return done;
  let searched = 0;
  for await (const { snapshot } of walkSnapshots(published.read, trust)) {
    for (const [role, version] of open) {
      const here = own(snapshot.signed.meta, `${role}.json`)?.version ?? 0;
      if (here === version) done.add(role);
      if (here <= version) open.delete(role);
    }
    if (open.size === 0 || ++searched >= SEARCHED) break;
  }
  return done;
}
