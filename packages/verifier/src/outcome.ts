/** What became of a showing: a refusal says why. Each is also the severity that decides it, but for `accepted`. */
export type Outcome = 'accepted' | 'referred' | 'not-accepted' | 'not-authentic';

/** A verdict, or its JSON. */
export type Told =
  | { readonly outcome: 'accepted' | 'referred' }
  | { readonly outcome: 'refused'; readonly reason: 'not-accepted' | 'not-authentic' };

export function outcomeOf(verdict: Told): Outcome {
  return verdict.outcome === 'refused' ? verdict.reason : verdict.outcome;
}
