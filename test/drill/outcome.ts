import type { Verdict } from '@symbolon/protocol/schemas/verdict';

/** What a verdict comes to: the outcome, and the codes that made it so. */
export interface Outcome {
  readonly outcome: Verdict['outcome'];
  /** `stale-refer`, `region-expired stale-block`; for an acceptance what it warned of. In the order of the alphabet. */
  readonly codes: string;
}

export function outcomeOf({ outcome, findings }: Verdict): Outcome {
  const decisive = findings.filter(
    ({ severity }) => severity !== 'info' && (outcome === 'accepted' || severity !== 'warn'),
  );
  const codes = [...new Set(decisive.map(({ code }) => code))].toSorted().join(' ');
  return { outcome, codes };
}

export function labelOf({ outcome, codes }: Outcome): string {
  return codes === '' ? outcome : `${outcome} ${codes}`;
}
