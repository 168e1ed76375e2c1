import { type Code, requirementOf } from '@symbolon/protocol/codes';
import type { Finding, Severity, Step } from '@symbolon/protocol/schemas/verdict';

/** Collects what the steps find, in the order of the steps. */
export class Findings {
  readonly #list: Finding[] = [];

  add(step: Step, code: Code, severity: Severity): void {
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
