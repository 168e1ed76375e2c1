import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type * as z from 'zod/mini';
import type { BurstStore, JobStore, ProposalStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { overseersOf } from '../statements/operators.ts';
import { type ReadStatement, readStatement, verifyStatement } from '../statements/statement.ts';
import { isHeld } from './burst-guard.ts';
import type { BurstRecord } from './burst-record.ts';
import { proposalHeldAs } from './hold.ts';
import { ReleaseClaims } from './operator-statement.ts';
import { publishedRule } from './published-rule.ts';
import { enqueueRelease } from './release-queue.ts';

export interface ReleasePorts {
  readonly bursts: BurstStore;
  readonly proposals: ProposalStore;
  readonly jobs: JobStore;
}

type Release = ReadStatement<z.output<typeof ReleaseClaims>>;
const PAGE = 100;

/**
 * Two overseers say that the rules they name answer a true outbreak: what the burst holds by them takes effect, and those rule versions are never guarded
 * again. All authority is in the two statements; whoever brings them has none.
 *
 * Order: every check, the burst is noted in the queue of releases, it is marked as released (from then on the guard lets its rules pass), the rules are
 * released for good. What is held is evaluated by `continueReleases`, which also finishes what a crash left here. The same two may send it again.
 *
 * @throws SymbolonError `statement-invalid`, `burst-unknown` (none, settled, or its time is over), `release-refused`, `same-operator`, `decision-conflict`
 */
export async function releaseBurst(
  ports: ReleasePorts,
  publication: Publication,
  tokens: readonly [string, string],
  now: Instant,
): Promise<BurstRecord> {
  const first = readStatement('release', ReleaseClaims, tokens[0]);
  const second = readStatement('release', ReleaseClaims, tokens[1]);
  const { burst: id } = first.claims;
  const rules = [...new Set(first.claims.rules)].toSorted();
  // REQ-ISS-031: the two say the same.
  if (second.claims.burst !== id || String([...new Set(second.claims.rules)].toSorted()) !== String(rules))
    throw new SymbolonError('release-refused', { path: 'rules' });
  // REQ-ISS-030
  if (first.kid === second.kid) throw new SymbolonError('same-operator');
  await verifyOverseer(publication, first, now);
  await verifyOverseer(publication, second, now);
  const burst = await ports.bursts.find(id);
  const by = [first.kid, second.kid].toSorted();
  const isAgain = burst?.state === 'released' && String(burst.releasedBy) === String(by);
  // REQ-ISS-038
  if (burst === undefined || !(isAgain || isHeld(burst, now))) throw new SymbolonError('burst-unknown');
  refuseOtherRules(publication, burst, rules);
  await refuseDeciders(ports, burst, by);

  await enqueueRelease(ports.jobs, burst.id);
  const released: BurstRecord = isAgain
    ? burst
    : { ...burst, state: 'released', settledAt: now, releasedBy: by, releasedRules: rules };
  if (!isAgain && !(await ports.bursts.move(released, 'held'))) throw new SymbolonError('decision-conflict');
  // The queue may have dropped it as one that had lapsed.
  await enqueueRelease(ports.jobs, burst.id);
  for (const rule of released.releasedRules ?? []) await ports.bursts.releaseRule(burst.scheme, rule);
  return released;
}

/** REQ-ISS-031: a key of the parent region or the federation, that is none of this region. */
async function verifyOverseer(
  { region, keys, federation, parent }: Publication,
  statement: Release,
  now: Instant,
): Promise<void> {
  const overseer = overseersOf(federation, parent).find(({ kid }) => kid === statement.kid);
  const ofRegion = [
    ...keys,
    ...Object.values(region.authorities).flatMap(({ operators }) => operators),
    ...Object.values(region.sources ?? {}).flatMap((source) => source.keys),
  ];
  if (overseer === undefined || ofRegion.some(({ kid }) => kid === statement.kid))
    throw new SymbolonError('release-refused');
  await verifyStatement(statement, overseer, region.issuer, now);
}

/** REQ-ISS-031: only what the burst can hold: its rule, or published rules of its authority. */
function refuseOtherRules(
  publication: Publication,
  { scheme, cause }: BurstRecord,
  rules: readonly string[],
): void {
  const holds = (ref: string) =>
    cause === `rule:${ref}` ||
    publishedRule(publication, scheme, ref)?.authorities.some((id) => cause === `authority:${id}`);
  if (!rules.every(holds)) throw new SymbolonError('release-refused', { path: 'rules' });
}

/** REQ-ISS-031: nobody releases what they have decided, also not with a key that the region has taken from its list since. */
async function refuseDeciders(
  { bursts, proposals }: ReleasePorts,
  { id }: BurstRecord,
  by: readonly string[],
): Promise<void> {
  let after: string | undefined;
  do {
    const page = await bursts.subjects(id, after, PAGE);
    for (const proposal of page.subjects.map(proposalHeldAs).filter((each) => each !== undefined)) {
      const { proposedBy, settledBy } = (await proposals.find(proposal)) ?? {};
      if (by.some((kid) => kid === proposedBy || kid === settledBy))
        throw new SymbolonError('release-refused');
    }
    after = page.next;
  } while (after !== undefined);
}
