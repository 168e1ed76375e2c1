import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { checkAuthorities } from '../checks/authorities.ts';
import { checkBase } from '../checks/base.ts';
import type { Check } from '../checks/check.ts';
import { checkContents } from '../checks/contents.ts';
import { checkDelegations } from '../checks/delegations.ts';
import { checkExpiries } from '../checks/expiries.ts';
import { checkKids } from '../checks/kids.ts';
import { checkLead } from '../checks/lead.ts';
import { checkPlaces } from '../checks/places.ts';
import { checkKeys } from '../checks/region-keys.ts';
import { checkSharedNames } from '../checks/shared-names.ts';
import type { Draft } from '../draft.ts';
import { checkListings } from './check-listings.ts';
import { layOver } from './lay-over.ts';
import { metadataOf, type SigningEvent } from './signing-event.ts';
import { unpublishedPart } from './unpublished-part.ts';

const CHECKS: readonly Check[] = [
  checkBase,
  checkExpiries,
  checkDelegations,
  checkAuthorities,
  checkContents,
  checkListings,
  checkPlaces,
  checkSharedNames,
  checkKids,
  checkKeys,
  checkLead,
];

/**
 * What speaks against publishing an event now, all at once: by what is published and by the event's files, never by what the event says of itself. The
 * proposer, everyone who signs, and the publisher run the same checks. Signatures are NOT looked at (`signaturesOf`), nor is the whole read as a client
 * would (`sealEvent` does).
 *
 * @param published nothing, where nothing is published yet
 * @returns empty when nothing speaks against it
 * @throws what reading the published files throws because it cannot know
 */
export async function checkEvent(
  event: SigningEvent,
  published: Draft | undefined,
  now: Instant,
): Promise<readonly SymbolonError[]> {
  // REQ-CER-008
  if (metadataOf(event).size === 0) return [new SymbolonError('change-empty')];
  const part = await unpublishedPart(event, published);
  // REQ-CER-012
  if (metadataOf(part).size === 0) return [new SymbolonError('event-published')];
  const overlay = layOver(part, published);
  const faults: SymbolonError[] = [];
  for (const check of CHECKS) {
    try {
      faults.push(...(await check(overlay, now)));
    } catch (error) {
      if (!isSymbolonError(error)) throw error;
      faults.push(error);
    }
  }
  return faults;
}

/** @throws SymbolonError the first one; with all of them in an AggregateError as its `cause`, when there are several */
export function refuse(faults: readonly SymbolonError[]): void {
  const [first, ...others] = faults;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const { code, path, bound } = first;
  throw new SymbolonError(code, {
    ...(path !== undefined && { path }),
    ...(bound !== undefined && { bound }),
    cause: new AggregateError(faults),
  });
}
