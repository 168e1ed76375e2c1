import { type Finding, STEPS, type Step } from '@symbolon/protocol/schemas/verdict';
import type { Language } from '@symbolon/verifier/texts';
import type { VerifiedShowing } from '../verify-files.ts';
import { AUTHENTICITY_FACTS } from './authenticity-facts.ts';
import { JUDGEMENT_FACTS } from './judgement-facts.ts';
import { provenOf } from './proven.ts';
import { wordsOf } from './words-of.ts';

/** `found`: it decided that this is not accepted as it is. `skipped`: an earlier step had ended it. */
export type StepOutcome = 'passed' | 'found' | 'skipped';

export interface ExplainedStep {
  readonly step: Step;
  readonly outcome: StepOutcome;
  /** What was checked, with which published facts. None of a showing that is not authentic. */
  readonly facts: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * A verdict, step by step. It is no second verdict: what was found is the verdict's, and the facts are those of the same trust, by the verifier's own steps. Of a
 * showing that is not authentic nothing is told but the reason.
 */
export async function explainVerdict(
  showing: VerifiedShowing,
  language: Language,
): Promise<readonly ExplainedStep[]> {
  const { verdict } = showing;
  const all = await provenOf(showing);
  const explained = { showing, all, words: wordsOf(language), language };
  const facts = { ...AUTHENTICITY_FACTS, ...JUDGEMENT_FACTS };
  return STEPS.map((step) => {
    const findings = verdict.findings.filter((finding) => finding.step === step);
    const outcome = stepOutcome(step, findings, showing);
    const isTold = all.length > 0 && outcome !== 'skipped';
    return { step, outcome, facts: isTold ? (facts[step]?.(explained) ?? []) : [], findings };
  });
}

function stepOutcome(step: Step, findings: readonly Finding[], { verdict }: VerifiedShowing): StepOutcome {
  if (findings.some(({ severity }) => severity !== 'info' && severity !== 'warn')) return 'found';
  if ('statuses' in verdict) {
    // REQ-REC-006: then the policy is not asked.
    const isUnasked =
      step === 'acceptance' && verdict.findings.some(({ code }) => code === 'recognition-missing');
    return isUnasked ? 'skipped' : 'passed';
  }
  const ends = verdict.findings.map((finding) => STEPS.indexOf(finding.step));
  return STEPS.indexOf(step) < Math.min(...ends) ? 'passed' : 'skipped';
}
