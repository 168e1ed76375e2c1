import { equalBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { metadataFile } from '../../metadata/file-names.ts';
import type { TargetsMetadata } from '../../metadata/metadata.ts';
import type { Draft } from '../draft.ts';
import type { Overlay } from '../event/lay-over.ts';
import { ROOT } from '../event/signing-event.ts';
import { ORPHANS, publishedVersion } from '../versions.ts';
import type { Check } from './check.ts';

/**
 * REQ-REG-020: every file of the event was made from the one that is published now. It does not matter what else was published since: a role that
 * is not in the event is none of its business.
 */
export const checkBase: Check = async (overlay) => {
  const faults = rootFaults(overlay);
  for (const [role, metadata] of overlay.event.roles) {
    const fault = await roleFault(overlay.published, role, metadata);
    if (fault !== undefined) faults.push(fault);
  }
  return faults;
};

function rootFaults({ event, published }: Overlay): SymbolonError[] {
  const root = published?.base?.trust.root;
  // A root that was published ahead, by a publication that broke off, goes on.
  const ahead = published !== undefined && published.trust.root !== root ? published.trust.root : undefined;
  const next = event.root;
  const follows = next === undefined || next.signed.version === (root?.signed.version ?? 0) + 1;
  const same = next === undefined || !ahead || equalBytes(next.signingBytes, ahead.signingBytes);
  return follows && same ? [] : [new SymbolonError('publication-conflict', { path: ROOT })];
}

async function roleFault(
  published: Draft | undefined,
  role: string,
  { signed, raw }: TargetsMetadata,
): Promise<SymbolonError | undefined> {
  const conflict = new SymbolonError('publication-conflict', { path: role });
  // Where nothing is published, nothing can lie in the way.
  if (published === undefined)
    return signed.version === 1 && raw['replaces'] === undefined ? undefined : conflict;
  const before = publishedVersion(published, role);
  const madeFrom = raw['replaces'] ?? signed.version - 1;
  if (madeFrom !== before || signed.version <= before) return conflict;
  // REQ-REG-002: a version that is too high leaves no room above it, and the role could never be published again.
  if (signed.version > before + ORPHANS) {
    return new SymbolonError('metadata-malformed', { path: `${role} version`, bound: before + ORPHANS });
  }
  for (let version = before + 1; version < signed.version; version++) {
    const orphan = await published.read(metadataFile(role, version), { maxBytes: LIMITS.metadataBytes });
    if (orphan === undefined) return conflict;
  }
  return undefined;
}
