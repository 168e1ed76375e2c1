import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { type Decision, statusOf } from '../decisions/decision.ts';
import { restated } from '../decisions/draft.ts';
import { type StandingPorts, standingDecision } from '../decisions/standing.ts';
import { worsens } from '../decisions/strictness.ts';
import type { Publication } from '../publication.ts';

export type AdoptPorts = StandingPorts;

/**
 * The stricter status of two that are merged stays until the rules have run on the union: where a decision about `from` is adverse and stricter than the current
 * one about `into`, or that has none, it is appended to `into` with the mode `merged`. First a manual one that still stands, as it goes on binding the rules
 * (also where it is as strict), then the current one.
 */
export async function adoptStricter(
  ports: AdoptPorts,
  publication: Publication,
  from: string,
  into: string,
  now: Instant,
): Promise<void> {
  for (const scheme of Object.values(publication.schemes)) {
    const standing = await standingDecision(ports, publication, scheme, from, now);
    const newest = await ports.decisions.newest(from, scheme.id);
    for (const theirs of [standing, newest])
      if (theirs !== undefined && theirs.mode !== 'ended') await adopt(ports, scheme, theirs, into, now);
  }
}

async function adopt(
  ports: AdoptPorts,
  scheme: Scheme,
  theirs: Decision,
  into: string,
  now: Instant,
): Promise<void> {
  for (;;) {
    const own = await ports.decisions.newest(into, scheme.id);
    // In this order: whoever has finished the merge has adopted before, so a late run never appends over what the rules said after it.
    const profile = await ports.subjects.profile(into);
    if (profile?.absorbing.includes(theirs.subject) !== true) return;
    if (!worsens(scheme, theirs.level, statusOf(own)?.level) && !bindsAnew(theirs, own)) return;
    const sequence = (own?.sequence ?? 0) + 1;
    const adopted: Decision = { ...restated(theirs, now), subject: into, sequence, mode: 'merged' };
    if (await ports.decisions.append(adopted)) return;
  }
}

function bindsAnew(theirs: Decision, own: Decision | undefined): boolean {
  return (
    theirs.until !== undefined && theirs.level === statusOf(own)?.level && theirs.proposal !== own?.proposal
  );
}
