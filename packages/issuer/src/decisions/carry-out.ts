import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { settleCredentials } from '../lists/settle-credentials.ts';
import { type Publication, schemeOf } from '../publication.ts';
import { absorb } from '../subjects/absorb.ts';
import { resolveSubject } from '../subjects/resolve.ts';
import type { BurstRecord } from './burst-record.ts';
import { citedRule } from './cited-rule.ts';
import { type Decision, statusOf } from './decision.ts';
import { type EvaluatePorts, runRules } from './evaluate.ts';
import { passOrWait } from './manual-delay.ts';
import { hasLapsed, type ProposalRecord } from './proposal-record.ts';
import { refuseUnlisted } from './refuse-unlisted.ts';
import { isStricter } from './strictness.ts';

export interface SettledProposal {
  readonly proposal: ProposalRecord;
  /** The subject's current decision afterwards; none when the proposal was rejected, or is held and there was none before. */
  readonly decision?: Decision;
  /** What keeps the proposed decision from taking effect: a burst that is held, or one that lapsed. The proposal stays `approved`. */
  readonly held?: BurstRecord;
  /** Until then it is not made, and a burst that begins holds it. */
  readonly waitsUntil?: Instant;
}

/** How often a decision that was overtaken by another is tried anew before the caller is told. */
const ATTEMPTS = 5;

/**
 * Makes a decision of a proposal that two operators have signed. Every one passes the burst guard, also at a level that the subject has already: it prolongs
 * what would have ended. While the current decision is stricter nothing is appended, and the proposal stays `approved`.
 *
 * Order: read the proposal, pass the guard, wait out the federation's delay, append, look at the proposal again and whether the subject was merged meanwhile, settle what was minted, mark the
 * proposal as decided. Run again, it goes on: the decision names the proposal, so it is found. For a subject that was merged it is made of the one that
 * stays. Where the proposal was withdrawn meanwhile, the rules run over what was appended.
 *
 * @param id of the proposal. One that is not `approved` is answered as it is, and nothing is changed
 * @throws SymbolonError `proposal-unknown`, `proposal-closed` when it was not decided in time, `operator-unknown` when one of the two is no such operator any
 *   more, `decision-not-adverse` when the rule has ended, `decision-conflict`
 */
export async function carryOut(
  ports: EvaluatePorts,
  publication: Publication,
  id: string,
  now: Instant,
): Promise<SettledProposal> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const proposal = await ports.proposals.find(id);
    if (proposal === undefined) throw new SymbolonError('proposal-unknown');
    const scheme = schemeOf(publication, proposal.scheme);
    const profile = await resolveSubject(ports.subjects, proposal.subject);
    if (profile.absorbing.length > 0) await absorb(ports, publication, profile, now);
    const all = await ports.decisions.all(profile.subject, scheme.id);
    const newest = all.at(-1);
    if (proposal.state !== 'approved') {
      // It was appended between the withdrawal and its run of the rules, or after both.
      if (proposal.state !== 'withdrawn' || newest?.proposal !== id) return told(proposal, newest);
      const { decision } = await runRules(ports, publication, scheme, profile.subject, now);
      return told(proposal, decision);
    }
    if (newest === undefined || !all.some((each) => each.proposal === id)) {
      // REQ-ISS-034
      if (hasLapsed(proposal, now)) throw new SymbolonError('proposal-closed');
      refuseUnlisted(publication, proposal);
      const { level, evidence } = citedRule(publication, proposal, now);
      const current = statusOf(newest);
      if (current !== undefined && isStricter(scheme, current.level, level)) return told(proposal, newest);
      const { held, waitsUntil, isMoved } = await passOrWait(ports, publication, proposal, now);
      if (isMoved) continue;
      if (held !== undefined) return { ...told(proposal, newest), held };
      if (waitsUntil !== undefined) return { ...told(proposal, newest), waitsUntil };
      const sequence = (newest?.sequence ?? 0) + 1;
      await ports.decisions.append(decisionOf(proposal, profile.subject, sequence, level, evidence, now));
      // Whether or not it was appended, another look tells: at a decision that came first, and at a merge or a withdrawal meanwhile.
      continue;
    }
    await settleCredentials(ports, scheme, newest, now);
    const decided: ProposalRecord = { ...proposal, state: 'decided' };
    if (await ports.proposals.move(decided, 'approved')) return told(decided, newest);
    // Another run was faster, or it is withdrawn already: that is told after another look.
  }
  throw new SymbolonError('decision-conflict');
}

function told(proposal: ProposalRecord, newest: Decision | undefined): SettledProposal {
  const decision = statusOf(newest);
  return { proposal, ...(decision === undefined ? {} : { decision }) };
}

function decisionOf(
  { id, scheme, rule, authority, proposedBy, settledBy, until }: ProposalRecord,
  subject: string,
  sequence: number,
  level: string,
  evidence: string,
  now: Instant,
): Decision {
  return {
    subject,
    scheme,
    sequence,
    level,
    rule,
    authority,
    evidence,
    mode: 'manual',
    decidedAt: now,
    // REQ-ISS-030: two keys, the first one's and the second one's.
    approvers: [proposedBy, ...(settledBy === undefined ? [] : [settledBy])],
    proposal: id,
    until,
  };
}
