import { equalBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { rootFile, TIMESTAMP_FILE } from '@symbolon/registry/file-names';
import { parseRoot } from '@symbolon/registry/metadata';
import { type RegistryPlace, registryPlace } from '../registry/place.ts';
import { namedAddress, openPlace, type RegistryOptions } from '../registry/registry-options.ts';

/** The registry that an event is about. */
export interface EventRegistry {
  /** Nothing when none is named: the event of a first publication can be looked at and signed without. */
  readonly place: RegistryPlace | undefined;
  /** What is published there; nothing before the first publication. */
  readonly published: Draft | undefined;
}

/**
 * What is published, for an event: read from the admin's own anchor. The event of a first publication brings its root along; where that very root is
 * published by now, it is the anchor.
 *
 * @param event nothing for a new one
 * @throws what `openDraft` and `openPlace` throw; SymbolonError `object-exists` when another federation lies where a first publication is to go
 */
export async function openPublished(
  options: RegistryOptions,
  event: Pick<SigningEvent, 'base' | 'root'> | undefined,
  now: Instant,
): Promise<EventRegistry> {
  if (event === undefined || event.base !== undefined) {
    const { pinnedRoot, ...place } = await openPlace(options);
    return { place, published: await openDraft({ read: place.read, pinnedRoot, now }) };
  }
  const address = await namedAddress(options);
  if (address === undefined) return { place: undefined, published: undefined };
  const place = await registryPlace(address, false);
  return { place, published: await openFounded(place, event, now) };
}

async function openFounded(
  { read }: RegistryPlace,
  { root }: Pick<SigningEvent, 'root'>,
  now: Instant,
): Promise<Draft | undefined> {
  const bound = { maxBytes: LIMITS.metadataBytes };
  if ((await read(TIMESTAMP_FILE, bound)) === undefined) return undefined;
  const founded = await read(rootFile(1), bound);
  const same =
    founded !== undefined &&
    root !== undefined &&
    equalBytes(parseRoot(founded).signingBytes, root.signingBytes);
  if (!same) throw new SymbolonError('object-exists', { path: rootFile(1) });
  return openDraft({ read, pinnedRoot: founded, now });
}
