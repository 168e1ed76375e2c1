import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Decision } from './decision.ts';

/**
 * Whether a decision is one that takes effect only when witnesses have seen it: it gives an adverse level, or ends a favourable one. Where the scheme, or the
 * level in it, is not there any more, it is taken for one: so nobody loses anything unseen.
 *
 * It says nothing of the level before: what is milder than red and still adverse waits as well (docs/adr/0027).
 */
export function isWorse(
  scheme: Pick<Scheme, 'levels'> | undefined,
  { level, mode }: Pick<Decision, 'level' | 'mode'>,
): boolean {
  const effect = scheme?.levels.find(({ id }) => id === level)?.effect;
  return effect === undefined || effect === (mode === 'ended' ? 'favourable' : 'adverse');
}
