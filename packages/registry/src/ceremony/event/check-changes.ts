import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Metadata } from '../../metadata/metadata.ts';
import { changeOf } from '../changes/change.ts';
import type { Draft } from '../draft.ts';
import { draftEvent } from './draft-event.ts';
import { publishedThen } from './published-then.ts';
import { metadataOf, type SigningEvent } from './signing-event.ts';

/**
 * Whether the changes that `event.json` lists are what the event's files do: they are made once more, on what was published then, and must give the same
 * roles. Only then is an event gone on with by its changes. Versions may differ, as those of publications that broke off are passed over.
 *
 * @param published what is published now
 * @throws SymbolonError `event-malformed` (`changes`, `base`) when they do not; what making the changes throws
 */
export async function checkChanges(event: SigningEvent, published: Draft | undefined): Promise<void> {
  const changes = event.changes.map((record) => changeOf(record, event.targets));
  const { title, createdAt: now } = event;
  const made = await draftEvent(await publishedThen(event, published), changes, { title, now });
  const [is, said] = [contentOf(event), contentOf(made)];
  const isSame = is.size === said.size && [...is].every(([role, content]) => said.get(role) === content);
  // REQ-CER-001
  if (!isSame) throw new SymbolonError('event-malformed', { path: 'changes' });
}

function contentOf(event: SigningEvent): ReadonlyMap<string, string> {
  return new Map([...metadataOf(event)].map(([role, metadata]) => [role, textOf(metadata)]));
}

function textOf({ raw }: Metadata<unknown>): string {
  const { version: _version, replaces: _replaces, ...rest } = raw;
  return canonicalJson(rest);
}
