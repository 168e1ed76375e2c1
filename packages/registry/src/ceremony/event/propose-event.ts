import type { Instant } from '@symbolon/protocol/instant';
import { type Change, changeOf } from '../changes/change.ts';
import type { Draft } from '../draft.ts';
import { checkChanges } from './check-changes.ts';
import { checkEvent, refuse } from './check-event.ts';
import { withDiff } from './diff-event.ts';
import { draftEvent, type ProposeEvent } from './draft-event.ts';
import type { SigningEvent } from './signing-event.ts';

export type { ProposeEvent };

/**
 * Makes the event that brings these changes about: the next versions of all roles that they touch, to be signed by whoever holds them. Several
 * changes are one event, and one publication.
 *
 * @param published nothing for the first publication
 * @throws SymbolonError the first refusal; its `cause` has all of them (an AggregateError) when there are several
 */
export async function proposeEvent(
  published: Draft | undefined,
  changes: readonly Change[],
  options: ProposeEvent,
): Promise<SigningEvent> {
  const event = await draftEvent(published, changes, options);
  refuse(await checkEvent(event, published, options.now));
  return withDiff(event, published);
}

/**
 * The same changes once more, on top of what is published now: after a `publication-conflict`. What was signed is to be signed again.
 *
 * @throws SymbolonError `event-malformed` when the changes that the event lists are not what its files do; what `proposeEvent` throws
 */
export async function proposeAgain(
  event: SigningEvent,
  published: Draft | undefined,
  now: Instant,
): Promise<SigningEvent> {
  return extendEvent(event, published, [], { title: event.title, now });
}

/** The event's changes and more, on top of what is published now. What was signed is to be signed again. @throws as `proposeAgain` */
export async function extendEvent(
  event: SigningEvent,
  published: Draft | undefined,
  more: readonly Change[],
  options: ProposeEvent,
): Promise<SigningEvent> {
  await checkChanges(event, published);
  const changes = event.changes.map((record) => changeOf(record, event.targets));
  return proposeEvent(published, [...changes, ...more], options);
}
