import { type Code, requirementOf } from '@symbolon/protocol/codes';
import { type Finding, type Severity, STEPS, type Step } from '@symbolon/protocol/schemas/verdict';

/** Collects what the steps find. */
export class Findings {
  readonly #list: Finding[] = [];
  #credential: number | undefined;

  /** Which of several credentials the next findings are about; undefined when there is but one, or all are meant. */
  about(credential: number | undefined): void {
    this.#credential = credential;
  }

  add(step: Step, code: Code, severity: Severity): void {
    const finding = { step, code, requirement: requirementOf(code), severity };
    const credential = this.#credential;
    this.#list.push(credential === undefined ? finding : { ...finding, credential });
  }

  /** What is true of the clock, the registry or the place, and so of all that is shown: told once, of no credential. */
  addOnce(step: Step, code: Code, severity: Severity): void {
    if (this.#list.some((known) => known.step === step && known.code === code && !('credential' in known)))
      return;
    this.#list.push({ step, code, requirement: requirementOf(code), severity });
  }

  has(severity: Severity): boolean {
    return this.#list.some((finding) => finding.severity === severity);
  }

  includes(code: Code): boolean {
    return this.#list.some((finding) => finding.code === code);
  }

  /** In the order of the steps. */
  all(): Finding[] {
    return inOrder(this.#list);
  }
}

/** By step; within one, what is true of all that was shown first, and then credential by credential, each as it was found. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) => placeOf(a) - placeOf(b) || (a.credential ?? OF_ALL) - (b.credential ?? OF_ALL),
  );
}

const OF_ALL = -1;

function placeOf({ step }: Finding): number {
  return STEPS.indexOf(step);
}
