import { sha256 } from '@symbolon/keys/digest';
import { toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { Title, tidyTitle } from '../../history/publication-record.ts';
import { targetFile } from '../../metadata/file-names.ts';
import type { TargetsMetadata } from '../../metadata/metadata.ts';
import { applyChanges } from '../changes/apply-changes.ts';
import { type Change, recordOf } from '../changes/change.ts';
import type { Draft } from '../draft.ts';
import type { EventBase, SigningEvent } from './signing-event.ts';

export interface ProposeEvent {
  /** What the history will call it: one line. */
  readonly title: string;
  readonly now: Instant;
}

/**
 * The event that these changes make, before anything is judged: no check of `checkEvent`, and no diff.
 *
 * @throws SymbolonError `event-malformed`, `change-empty`, what the changes throw
 */
export async function draftEvent(
  published: Draft | undefined,
  changes: readonly Change[],
  { title: typed, now }: ProposeEvent,
): Promise<SigningEvent> {
  const title = check(Title, tidyTitle(typed), 'event-malformed');
  if (changes.length > LIMITS.eventChanges) {
    throw new SymbolonError('event-malformed', { path: 'changes', bound: LIMITS.eventChanges });
  }
  const next = await applyChanges(published, changes, now);
  const roles = new Map(
    [...next.changed].toSorted().flatMap((role): [string, TargetsMetadata][] => {
      const metadata = next.roles.get(role);
      return metadata === undefined ? [] : [[role, metadata]];
    }),
  );
  const listed = new Set(
    [...roles.values()].flatMap(({ signed }) =>
      Object.entries(signed.targets).map(([path, { hashes }]) => targetFile(path, hashes.sha256)),
    ),
  );
  if (roles.size === 0 && next.trust.root === published?.trust.root) throw new SymbolonError('change-empty');
  return {
    title,
    createdAt: now,
    base: baseOf(published),
    changes: changes.map(recordOf),
    root: next.trust.root === published?.trust.root ? undefined : next.trust.root,
    roles,
    targets: new Map([...next.files].filter(([path]) => listed.has(path))),
    signatures: new Map(),
    diff: undefined,
  };
}

function baseOf(published: Draft | undefined): EventBase | undefined {
  const trust = published?.base?.trust;
  if (trust === undefined) return undefined;
  const timestampSha256 = toHex(sha256(trust.timestamp.bytes));
  return { snapshotVersion: trust.snapshot.signed.version, timestampSha256 };
}
