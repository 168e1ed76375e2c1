import { styleText } from 'node:util';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import { outcomeOf } from '@symbolon/verifier/outcome';
import {
  type Language,
  textOfFinding,
  titleOfOutcome,
  titleOfSeverity,
  titleOfStep,
} from '@symbolon/verifier/texts';
import { encodeVerdict } from '@symbolon/verifier/verdict-json';
import { plain } from '../../output/terminal.ts';
import type { ExplainedStep, StepOutcome } from './explain.ts';
import { wordsOf } from './words-of.ts';

const COLOUR = {
  accepted: 'green',
  referred: 'yellow',
  'not-accepted': 'red',
  'not-authentic': 'red',
} as const;
const MARK: Readonly<Record<StepOutcome, string>> = { passed: '+', found: 'x', skipped: '-' };

/** The steps of a verdict for people, numbered, and then the outcome. */
export function explainText(steps: readonly ExplainedStep[], verdict: Verdict, language: Language): string {
  const outcome = outcomeOf(verdict);
  return [
    ...steps.flatMap((each, index) => stepLines(each, index + 1, verdict, language)),
    '',
    styleText([COLOUR[outcome], 'bold'], titleOfOutcome(outcome, language)),
  ].join('\n');
}

function stepLines(
  { step, outcome, facts, findings }: ExplainedStep,
  number: number,
  verdict: Verdict,
  language: Language,
): readonly string[] {
  const words = wordsOf(language);
  const head = `${MARK[outcome]} ${number}. ${styleText('bold', titleOfStep(step, language))}: ${words[outcome]}`;
  return [
    head,
    ...facts.map((fact) => `     ${plain(fact)}`),
    ...findings.map((finding) => {
      const { code, requirement, severity, credential } = finding;
      const which = credential === undefined ? '' : words.credential(credential + 1);
      const text = textOfFinding(finding, verdict, language);
      return `   ! ${titleOfSeverity(severity, language)}: ${which}${text} [${code}, ${requirement}]`;
    }),
  ];
}

/** The same for machines: the verdict, and its steps with their sentences. */
export function explainJson(steps: readonly ExplainedStep[], verdict: Verdict): object {
  return { verdict: encodeVerdict(verdict), steps };
}
