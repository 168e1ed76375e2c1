import type { Code } from '@symbolon/protocol/codes';

/** What is looked at, in the order in which it is told. */
export const CHECKS = [
  'consistency',
  'signature',
  'cosignatures',
  'freshness',
  'hashes',
  'leaf-form',
  'leaf-dates',
  'regions',
  'rules',
  'approvers',
  'keys',
  'bursts',
  'rates',
  'publications',
  'signers',
  'leads',
] as const;
export type CheckId = (typeof CHECKS)[number];

/** `unchecked`: what it takes to look is not there. */
export type Verdict = 'ok' | 'warning' | 'failed' | 'unchecked';

/** One thing that was found, as often as it was. */
export interface Finding {
  readonly check: CheckId;
  readonly verdict: Exclude<Verdict, 'ok'>;
  /** Nothing when it could not be checked. */
  readonly code: Code | undefined;
  readonly count: number;
  /** The first few: `leaf 17`, `version 3`. They never name a person. */
  readonly places: readonly string[];
}

/** Places that are told of one finding. */
export const PLACES = 8;

/** Collects what is found. */
export interface Findings {
  add(
    check: CheckId,
    verdict: Finding['verdict'],
    code: Code | undefined,
    place: string,
    count?: number,
  ): void;
  all(): readonly Finding[];
}

export function collectFindings(before: readonly Finding[] = []): Findings {
  const found = new Map<string, Finding>(before.map((finding) => [keyOf(finding), finding]));
  return {
    add: (check, verdict, code, place, count = 1) => {
      const key = keyOf({ check, verdict, code });
      const known = found.get(key) ?? { check, verdict, code, count: 0, places: [] };
      const places = known.places.length < PLACES ? [...known.places, place] : known.places;
      found.set(key, { ...known, count: known.count + count, places });
    },
    all: () => [...found.values()],
  };
}

function keyOf({ check, verdict, code }: Pick<Finding, 'check' | 'verdict' | 'code'>): string {
  return `${check} ${verdict} ${code ?? ''}`;
}

const WORSE: readonly Verdict[] = ['ok', 'unchecked', 'warning', 'failed'];

export function worst(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((a, b) => (WORSE.indexOf(b) > WORSE.indexOf(a) ? b : a), 'ok');
}
