import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Decision } from './decision.ts';

/**
 * Whether a decision is one that takes effect only when witnesses have seen it: it gives an adverse level, or ends a favourable one. Where the scheme, or the
 * level in it, is not there any more, it is taken for one: so nobody loses anything unseen.
 *
 * One that is milder than the decision in effect is none: witnesses have seen worse of this person (docs/adr/0032).
 */
export function isWorse(
  scheme: Pick<Scheme, 'levels'> | undefined,
  { level, mode, milderThan }: Pick<Decision, 'level' | 'mode' | 'milderThan'>,
): boolean {
  const effect = scheme?.levels.find(({ id }) => id === level)?.effect;
  if (effect === undefined) return true;
  return mode === 'ended' ? effect === 'favourable' : effect === 'adverse' && milderThan === undefined;
}
