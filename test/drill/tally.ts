import { expectedLabel } from './expectation.ts';
import { labelOf } from './outcome.ts';
import type { Schedule } from './schedule.ts';
import type { Check } from './simulation.ts';

export const COUNTEREXAMPLES = 5;

/** Counts of one day, by what a verification came to. */
export type DayCounts = Map<string, number>;

export interface AttackTally {
  shown: number;
  /** Before the revocation was published. */
  acceptedBefore: number;
  /** By verifiers who had refreshed last before it. */
  acceptedByOlder: number;
  /** Hours from the revocation to the last of these. */
  lastByOlder: number;
  /** By verifiers who had refreshed since. There must be none. */
  acceptedByUpToDate: number;
  lastByUpToDate: number;
  refused: number;
}

/** Counts what is seen hour by hour. */
export class Tally {
  readonly days: DayCounts[] = [];
  readonly attack: AttackTally = {
    shown: 0,
    acceptedBefore: 0,
    acceptedByOlder: 0,
    lastByOlder: 0,
    acceptedByUpToDate: 0,
    lastByUpToDate: 0,
    refused: 0,
  };
  falseRefusals = 0;
  readonly falselyRefused: Check[] = [];
  /** Honest credentials that came to anything else than the registry's age alone says. */
  surprises = 0;
  readonly surprising: Check[] = [];
  readonly falselyAccepted: Check[] = [];
  readonly #schedule: Schedule;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  honest(checks: readonly Check[]): void {
    for (const check of checks) {
      const label = labelOf(check);
      this.days[Math.floor(check.hour / 24)] ??= new Map();
      const day = this.days[Math.floor(check.hour / 24)];
      day?.set(label, (day.get(label) ?? 0) + 1);
      if (label !== expectedLabel(check, this.#schedule)) {
        this.surprises += 1;
        if (this.surprising.length < COUNTEREXAMPLES) this.surprising.push(check);
      }
      if (check.outcome !== 'refused') continue;
      this.falseRefusals += 1;
      if (this.falselyRefused.length < COUNTEREXAMPLES) this.falselyRefused.push(check);
    }
  }

  attacks(checks: readonly Check[]): void {
    const { attack } = this;
    const revoked = this.#schedule.keyRevoked;
    for (const check of checks) {
      attack.shown += 1;
      const late = check.hour - revoked;
      if (check.outcome === 'refused') attack.refused += 1;
      else if (late < 0) attack.acceptedBefore += 1;
      else if (check.refreshed < revoked) {
        attack.acceptedByOlder += 1;
        attack.lastByOlder = late;
      } else {
        attack.acceptedByUpToDate += 1;
        // From the revocation's own hour on, so 1 at least.
        attack.lastByUpToDate = late + 1;
        if (this.falselyAccepted.length < COUNTEREXAMPLES) this.falselyAccepted.push(check);
      }
    }
  }

  /** All days together. */
  totals(): ReadonlyMap<string, number> {
    const sums = new Map<string, number>();
    for (const day of this.days)
      for (const [label, count] of day) sums.set(label, (sums.get(label) ?? 0) + count);
    return new Map([...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}
