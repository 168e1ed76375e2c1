import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { decide as firstMatch } from '@symbolon/rules/decide';
import type { Fact } from '@symbolon/rules/fact';
import type { CompiledRuleSet } from '@symbolon/rules/rule-set';
import { type FactPorts, openFacts } from '../facts/intake.ts';
import { endLivingCredentials } from '../lists/end-credentials.ts';
import { type DecisionStore, ENTRY, type ListStore, type MintStore } from '../ports.ts';
import type { Decision } from './decision.ts';

export interface DecisionPorts extends FactPorts {
  readonly decisions: DecisionStore;
  readonly mints: MintStore;
  readonly lists: ListStore;
}

/** How often a decision that was overtaken by another is tried anew before the caller is told. */
const ATTEMPTS = 5;

/**
 * Runs the published rules over a subject's facts and appends a decision when level, rule or sample changed. A changed level
 * suspends what was minted before. Idempotent: run again, it appends nothing and finishes a suspension that a crash left undone.
 *
 * @throws SymbolonError `no-decision` when no rule in force matches (what was minted before is then suspended), `decision-conflict`
 */
export async function decideSubject(
  ports: DecisionPorts,
  scheme: Scheme,
  rules: CompiledRuleSet,
  subject: string,
  now: Instant,
): Promise<Decision> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const current = await ports.decisions.newest(subject, scheme.id);
    const facts = await openFacts(ports, scheme, subject, now);
    const match = firstMatch(rules, facts, now);
    const authority = match?.rule.authorities[0];
    if (match === undefined || authority === undefined) {
      // What was minted by a rule that does not hold any more must not outlive it.
      await endLivingCredentials(ports, subject, scheme.id, now, ENTRY.suspended);
      throw new SymbolonError('no-decision');
    }
    const { rule, ref, counted } = match;
    const sampledAt = sampleTime(scheme, counted);
    const decision: Decision = {
      subject,
      scheme: scheme.id,
      sequence: (current?.sequence ?? 0) + 1,
      level: rule.level,
      rule: ref,
      authority,
      evidence: rule.evidence,
      mode: 'automatic',
      decidedAt: now,
      ...(sampledAt === undefined ? {} : { sampledAt }),
    };
    if (current !== undefined && sameOutcome(current, decision)) {
      await suspendOlder(ports, current, now);
      return current;
    }
    if (await ports.decisions.append(decision)) {
      await suspendOlder(ports, decision, now);
      return decision;
    }
  }
  throw new SymbolonError('decision-conflict');
}

/** Only where the scheme has an age: an unrelated fact must not make an old sample look fresh. */
function sampleTime({ ageFrom }: Scheme, counted: readonly Fact[]): Instant | undefined {
  const times = counted.filter(({ type }) => type === ageFrom).map(({ at }) => at);
  return times.length === 0 ? undefined : instant(Math.max(...times));
}

function sameOutcome(a: Decision, b: Decision): boolean {
  return (
    a.level === b.level && a.rule === b.rule && a.authority === b.authority && a.sampledAt === b.sampledAt
  );
}

/** What an older decision with another level minted is suspended: the wallet gets the new level when it refreshes. */
async function suspendOlder(ports: DecisionPorts, current: Decision, now: Instant): Promise<void> {
  await endLivingCredentials(
    ports,
    current.subject,
    current.scheme,
    now,
    ENTRY.suspended,
    (mint) => mint.decision < current.sequence && mint.level !== current.level,
  );
}
