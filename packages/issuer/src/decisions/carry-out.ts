import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { settleCredentials } from '../lists/settle-credentials.ts';
import { type Publication, schemeOf } from '../publication.ts';
import { absorb } from '../subjects/absorb.ts';
import { resolveSubject } from '../subjects/resolve.ts';
import { burstBounds } from './burst-guard.ts';
import type { BurstRecord } from './burst-record.ts';
import { citedRule } from './cited-rule.ts';
import type { Decision } from './decision.ts';
import type { EvaluatePorts } from './evaluate.ts';
import { heldProposal, passGuard } from './hold.ts';
import type { ProposalRecord } from './proposal-record.ts';
import { isStricter } from './strictness.ts';

export interface SettledProposal {
  readonly proposal: ProposalRecord;
  /** The subject's current decision afterwards; none when the proposal was rejected, or is held and there was none before. */
  readonly decision?: Decision;
  /** What keeps the proposed decision from taking effect: a burst that is held, or one that lapsed. The proposal stays `approved`. */
  readonly held?: BurstRecord;
}

/** How often a decision that was overtaken by another is tried anew before the caller is told. */
const ATTEMPTS = 5;

/**
 * Makes a decision of a proposal that two operators have signed. Every one passes the burst guard, also at a level that the subject has already: it prolongs
 * what would have ended. While the current decision is stricter nothing is appended, and the proposal stays `approved`.
 *
 * Order: pass the guard, append, look whether the subject was merged meanwhile, settle what was minted, mark the proposal as decided. Run again, it goes on:
 * the decision names the proposal, so it is found. For a subject that was merged it is made of the one that stays.
 *
 * @param proposal whose state is `approved`
 * @throws SymbolonError `decision-not-adverse` when the rule has ended or the time is over, `decision-conflict`
 */
export async function carryOut(
  ports: EvaluatePorts,
  publication: Publication,
  proposal: ProposalRecord,
  now: Instant,
): Promise<SettledProposal> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const profile = await resolveSubject(ports.subjects, proposal.subject);
    if (profile.absorbing.length > 0) await absorb(ports, publication, profile, now);
    const all = await ports.decisions.all(profile.subject, proposal.scheme);
    const current = all.at(-1);
    if (current === undefined || !all.some((each) => each.proposal === proposal.id)) {
      const { level, evidence } = citedRule(publication, proposal, now);
      const scheme = schemeOf(publication, proposal.scheme);
      if (current !== undefined && isStricter(scheme, current.level, level))
        return { proposal, decision: current };
      const held = await guard(ports, publication, proposal, now);
      if (held !== undefined)
        return { proposal, held, ...(current === undefined ? {} : { decision: current }) };
      const decision = decisionOf(
        proposal,
        profile.subject,
        (current?.sequence ?? 0) + 1,
        level,
        evidence,
        now,
      );
      await ports.decisions.append(decision);
      // Whether or not it was appended, another look tells: at a decision that came first, and at a merge that began meanwhile.
      continue;
    }
    await settleCredentials(ports, current, now);
    const decided: ProposalRecord = { ...proposal, state: 'decided' };
    if (await ports.proposals.move(decided, 'approved')) return { proposal: decided, decision: current };
    // Another run was faster, or it is withdrawn already.
    return { proposal: (await ports.proposals.find(proposal.id)) ?? decided, decision: current };
  }
  throw new SymbolonError('decision-conflict');
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

function guard(
  ports: EvaluatePorts,
  publication: Publication,
  { id, scheme, rule, authority }: ProposalRecord,
  now: Instant,
): Promise<BurstRecord | undefined> {
  // A hold that lapsed has ended this proposal for good. Another one, signed anew by two, counts anew.
  const what = { scheme, rule, authority, item: heldProposal(id), renewedSince: async () => false };
  return passGuard(ports, burstBounds(publication.federation), what, now);
}
