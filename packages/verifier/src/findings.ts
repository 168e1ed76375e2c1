import { type Code, requirementOf } from '@symbolon/protocol/codes';
import type { Finding, Severity, Step } from '@symbolon/protocol/schemas/verdict';

/** Collects what the steps find, in the order of the steps. */
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

  all(): Finding[] {
    return [...this.#list];
  }
}
