import type { Instant } from '@symbolon/protocol/instant';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import { checkEvent, refuse } from '@symbolon/registry/ceremony/event/check-event';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';

/**
 * What speaks against an event, by its own files: nobody signs what a publisher would refuse.
 *
 * @returns whether it was published already, so that there is nothing left to do
 * @throws SymbolonError what `checkEvent` finds
 */
export async function isPublishedAlready(
  event: SigningEvent,
  published: Draft | undefined,
  now: Instant,
): Promise<boolean> {
  const faults = await checkEvent(event, published, now);
  // REQ-CER-012
  if (faults.some(({ code }) => code === 'event-published')) return true;
  refuse(faults);
  return false;
}
