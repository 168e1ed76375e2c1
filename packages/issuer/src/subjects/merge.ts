import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { type EvaluatePorts, runRules } from '../decisions/evaluate.ts';
import type { Publication } from '../publication.ts';
import { operatorKey } from '../statements/operators.ts';
import { absorb } from './absorb.ts';
import type { OperatorRef } from './journal-entry.ts';
import { type MergePair, takesTwo, verifyMergeApproval } from './merge-approval.ts';
import { mergedEntry } from './merged-entry.ts';
import type { SubjectProfile } from './profile.ts';
import { checkReason } from './reason.ts';
import { livingSubject, resolveSubject } from './resolve.ts';
import { updateProfile } from './update-profile.ts';

/**
 * Merges two subjects that were found to be one person: from then on `from` leads to `into`, which has the facts of both. The stricter status is kept until
 * the rules have run on the union, which they have when this returns. Run again after a crash in any place it goes on; if nobody runs it again, the next
 * evaluation of `into` does.
 *
 * Order of the writes: the entry (see `mergedEntry`), the record in the profile of `into` that the merge has begun, and then as `absorb` says.
 *
 * @param pair `approval`: what a second operator signed; needed where the two do not have the same status and one of them is adverse
 * @throws SymbolonError `operator-unknown` without the role `enrol`, `request-malformed`, `subject-unknown`, `subject-merged` (also when another merge of one of
 *   them was faster), `subject-conflict` when one of them is no person, `approval-required`, what `verifyMergeApproval` refuses, and what evaluating throws
 */
export async function mergeSubjects(
  ports: EvaluatePorts,
  publication: Publication,
  { from, into, approval }: MergePair & { readonly approval?: string | undefined },
  by: OperatorRef,
  reason: string,
  now: Instant,
): Promise<SubjectProfile> {
  operatorKey(publication.region, by, 'enrol');
  checkReason(reason);
  if (from === into) throw new SymbolonError('request-malformed', { path: 'into' });
  let profile = await livingSubject(ports.subjects, into);
  const other = await ports.subjects.profile(from);
  if (other?.mergedInto !== into) {
    const { kind } = await livingSubject(ports.subjects, from);
    if (kind !== 'person' || profile.kind !== 'person') throw new SymbolonError('subject-conflict');
    const pair = { from, into };
    const approvedBy =
      approval === undefined ? undefined : await verifyMergeApproval(publication, approval, pair, by, now);
    // REQ-ISS-041
    if (approvedBy === undefined && (await takesTwo(ports, publication, pair)))
      throw new SymbolonError('approval-required');
    await ports.journal.append(from, mergedEntry(pair, by, approvedBy, reason, now));
    profile = await updateProfile(ports.subjects, into, (before) => begun(before, from));
  }
  profile = await absorb(ports, publication, profile, now);
  // Of two merges of one subject at once, one was faster.
  if ((await resolveSubject(ports.subjects, from)).subject !== into)
    throw new SymbolonError('subject-merged');
  await evaluateAll(ports, publication, into, now);
  return profile;
}

function begun(profile: SubjectProfile, from: string): SubjectProfile {
  if (profile.absorbing.includes(from)) return profile;
  if (profile.absorbing.length >= LIMITS.merges)
    throw new SymbolonError('request-malformed', { path: 'into', bound: LIMITS.merges });
  return { ...profile, absorbing: [...profile.absorbing, from] };
}

/** By every scheme that the region has rules for. */
async function evaluateAll(
  ports: EvaluatePorts,
  publication: Publication,
  subject: string,
  now: Instant,
): Promise<void> {
  for (const scheme of Object.values(publication.schemes)) {
    if (scheme.subjects !== 'person' || own(publication.ruleSets, scheme.id) === undefined) continue;
    await runRules(ports, publication, scheme, subject, now);
  }
}
