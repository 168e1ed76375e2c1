import type { Bytes } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import type { RootMetadata, TargetsMetadata } from '../../metadata/metadata.ts';
import type { ChangeRecord } from '../changes/change-record.ts';

/**
 * A change of the registry on its way from one admin to the next: proposed metadata, the files that it lists, and the signatures so far. A value;
 * as files (`eventFiles`) it travels on any medium. Only `root`, `roles` and `targets` mean something, and only what enough admins signed is
 * published: all else is for people, and believed by nobody.
 */
export interface SigningEvent {
  readonly title: string;
  readonly createdAt: Instant;
  /** What it was prepared on; nothing when it is the first publication. */
  readonly base: EventBase | undefined;
  /** What its maker said it does. */
  readonly changes: readonly ChangeRecord[];
  /** The next root, unsigned. */
  readonly root: RootMetadata | undefined;
  /** The next versions of targets and delegated roles, unsigned, by role name. */
  readonly roles: ReadonlyMap<string, TargetsMetadata>;
  /** New files, by their paths in the repository: `targets/regions/CN-HA/<sha256>.keys.json`. */
  readonly targets: ReadonlyMap<string, Bytes>;
  /** Signatures in hex, by role name and key id. NOT checked. */
  readonly signatures: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** `DIFF.md`. Derived (`withDiff`), and NOT checked: show what `diffEvent` says instead. */
  readonly diff: string | undefined;
}

export interface EventBase {
  readonly snapshotVersion: number;
  readonly timestampSha256: string;
}

export const ROOT = 'root';
export type EventMetadata = ReadonlyMap<string, RootMetadata | TargetsMetadata>;

/** Everything that is to be signed, by role name; root first. */
export function metadataOf({ root, roles }: Pick<SigningEvent, 'root' | 'roles'>): EventMetadata {
  const all = new Map<string, RootMetadata | TargetsMetadata>();
  if (root !== undefined) all.set(ROOT, root);
  for (const [role, metadata] of roles) all.set(role, metadata);
  return all;
}
