import { addHours, type Instant, instant } from '@symbolon/protocol/instant';
import type { ClientState } from './client-state.ts';

/** The leads that the federation asked for, oldest first, each with the newest signed time at which this client saw it. The last one is in force. */
export type LeadHistory = ClientState['leads'];

/** So many changes of the lead are remembered. */
const REMEMBERED = 8;

/** @param seenAt signed time of the registry, and no later than the client's own clock */
export function nextLeadHistory(before: LeadHistory, hours: number, seenAt: Instant): LeadHistory {
  const last = before.at(-1);
  const older = last?.hours === hours ? before.slice(0, -1) : before;
  const lastSeen = last?.hours === hours && last.lastSeen > seenAt ? last.lastSeen : seenAt;
  return [...older, { hours, lastSeen }].slice(-REMEMBERED);
}

/**
 * The earliest `notBefore` that an honest key can have which was published after `absentAt` (REQ-KEY-012). An honest ceremony gives a key the lead that is in
 * force, and for as long as a lead lasts also the longer one from before it was lowered (REQ-CER-014). When the change was made this client does not
 * know: after it saw the old one for the last time.
 */
export function earliestStart(leads: LeadHistory, absentAt: Instant): Instant {
  const first = leads.findIndex(({ lastSeen }) => lastSeen >= absentAt);
  const possible = leads.map((_, i) => i).slice(first < 0 ? -1 : first);
  return instant(Math.min(...possible.map((i) => startIn(leads, i, absentAt))));
}

/** The same for a key that was published while the i-th lead was in force. */
function startIn(leads: LeadHistory, i: number, absentAt: Instant): Instant {
  const hours = leads[i]?.hours ?? 0;
  const published = later(absentAt, leads[i - 1]?.lastSeen ?? absentAt);
  const bounds = leads
    .slice(0, i)
    .filter((earlier) => earlier.hours > hours)
    .map((earlier) => {
      const lowered = addHours(earlier.lastSeen, earlier.hours);
      return Math.min(addHours(published, earlier.hours), addHours(later(published, lowered), hours));
    });
  return instant(Math.max(addHours(published, hours), ...bounds));
}

function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}
