import type { Step } from '@symbolon/protocol/schemas/verdict';
import { Findings } from '../findings.ts';

/** Runs one step and tells what it returned and found, as `code severity`; and that it spoke for no other step. */
export async function findingsOf<T>(
  step: Step,
  run: (findings: Findings) => T | Promise<T>,
): Promise<{ result: T; found: string[] }> {
  const findings = new Findings();
  const result = await run(findings);
  const all = findings.all();
  const strangers = all.filter((finding) => finding.step !== step);
  if (strangers.length > 0) throw new Error(`step ${step} spoke for ${strangers.map((each) => each.step)}`);
  return { result, found: all.map(({ code, severity }) => `${code} ${severity}`) };
}
