import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { type Decision, statusOf } from '../decisions/decision.ts';
import { type Draft, restated } from '../decisions/draft.ts';
import { type StandingPorts, standingDecision } from '../decisions/standing.ts';
import { worsens } from '../decisions/strictness.ts';
import type { MintStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { type OfMerge, restatedForMerge } from './restate-for-merge.ts';

export interface AdoptPorts extends StandingPorts {
  readonly mints: Pick<MintStore, 'living'>;
}

/**
 * The stricter status of two that are merged stays until the rules have run on the union: where a decision about `from` is adverse and stricter than the current
 * one about `into`, or that has none, it is appended to `into` with the mode `merged`. First a manual one that still stands, as it goes on binding the rules
 * (also where it is as strict), then the current one.
 *
 * REQ-ISS-037: then what `from` has of its own must not be settled by what witnesses have seen about `into` (`restatedForMerge`).
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
    const theirs = await ports.decisions.all(from, scheme.id);
    const merge: OfMerge = { scheme, from, into, theirs };
    for (const each of [standing, statusOf(theirs.at(-1))])
      if (each !== undefined) await appendOnce(ports, merge, async (own) => adopted(scheme, each, own, now));
    await appendOnce(ports, merge, (own) => restatedForMerge(ports, merge, own, now));
  }
}

/** Appends what is wanted after the newest decision about `into`, as long as `from` is being absorbed. */
async function appendOnce(
  { decisions, subjects }: AdoptPorts,
  { scheme, from, into }: OfMerge,
  wanted: (own: Decision | undefined) => Promise<Draft | undefined>,
): Promise<void> {
  for (;;) {
    const own = await decisions.newest(into, scheme.id);
    // In this order: whoever has finished the merge has adopted before, so a late run never appends over what the rules said after it.
    if ((await subjects.profile(into))?.absorbing.includes(from) !== true) return;
    const draft = await wanted(own);
    if (draft === undefined) return;
    const sequence = (own?.sequence ?? 0) + 1;
    const merged: Decision = { ...draft, subject: into, sequence, mode: 'merged', mergedFrom: from };
    if (await decisions.append(merged)) return;
  }
}

function adopted(
  scheme: Scheme,
  theirs: Decision,
  own: Decision | undefined,
  now: Instant,
): Draft | undefined {
  const isWanted = worsens(scheme, theirs.level, statusOf(own)?.level) || bindsAnew(theirs, own);
  return isWanted ? restated(theirs, now) : undefined;
}

function bindsAnew(theirs: Decision, own: Decision | undefined): boolean {
  return (
    theirs.until !== undefined && theirs.level === statusOf(own)?.level && theirs.proposal !== own?.proposal
  );
}
