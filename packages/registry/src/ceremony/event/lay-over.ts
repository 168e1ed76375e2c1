import { SymbolonError } from '@symbolon/protocol/errors';
import { rootFile } from '../../metadata/file-names.ts';
import { type Draft, unfounded } from '../draft.ts';
import type { SigningEvent } from './signing-event.ts';
import { type Tree, treeOf } from './tree.ts';

/** What is published, and what an event would make of it. */
export interface Overlay {
  readonly event: SigningEvent;
  /** Nothing, where nothing is published. */
  readonly published: Draft | undefined;
  /** Nobody's signatures were looked at: never sealed. */
  readonly next: Draft;
  readonly before: Tree;
  readonly after: Tree;
  /** Delegations that no client would accept. */
  readonly treeFaults: readonly SymbolonError[];
}

/**
 * Lays an event over what is published. Everything that a check or a diff says comes from here: from files, and nothing that the event says of itself.
 *
 * @throws SymbolonError `event-malformed` for a first publication without a root
 */
export function layOver(event: SigningEvent, published: Draft | undefined): Overlay {
  const root = event.root ?? published?.trust.root;
  if (root === undefined) throw new SymbolonError('event-malformed', { path: rootFile(1) });
  const start = published ?? unfounded(root);
  const next: Draft = {
    ...start,
    trust: { ...start.trust, root },
    roles: new Map([...start.roles, ...event.roles]),
    changed: new Set(event.roles.keys()),
    files: event.targets,
  };
  const treeFaults: SymbolonError[] = [];
  return {
    event,
    published,
    next,
    // A root that was published ahead is not in force before the rest is.
    before: published?.base === undefined ? new Map() : treeOf(published.base.trust.root, published.roles),
    after: treeOf(root, next.roles, (fault) => treeFaults.push(fault)),
    treeFaults,
  };
}
