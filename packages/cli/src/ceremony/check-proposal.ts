import type { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import { checkEvent, refuse } from '@symbolon/registry/ceremony/event/check-event';
import { ruleChangesOf } from '@symbolon/registry/ceremony/event/rule-changes';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { ruleSetFaults } from '@symbolon/rules/lead';

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
  const faults = [
    ...(await checkEvent(event, published, now)),
    ...(await rulesFaults(event, published, now)),
  ];
  // REQ-CER-012
  if (faults.some(({ code }) => code === 'event-published')) return true;
  refuse(faults);
  return false;
}

/**
 * REQ-RUL-006, REQ-RUL-010: rules that an event publishes compile, and come into force with the lead that the federation asks for. So do those that were
 * published before, where the event changes their scheme.
 *
 * @returns empty when nothing speaks against them
 */
export async function rulesFaults(
  event: SigningEvent,
  published: Draft | undefined,
  now: Instant,
): Promise<readonly SymbolonError[]> {
  return (await ruleChangesOf(event, published)).flatMap((change) => ruleSetFaults(change, now));
}
