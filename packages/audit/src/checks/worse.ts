import { type Class, endOf } from '../log/class.ts';
import { type PastRegistry, pastsDuring } from '../registry/past.ts';

/**
 * Whether a decision is worse for the person: an adverse level, or the end of a favourable one (docs/spec/log.md). A leaf can be from any time of its hour or day, so it is worse when
 * any scheme that was published in it says so: one that came within it, too.
 */
export function isWorse(
  past: PastRegistry,
  of: Pick<Class, 'scheme' | 'level' | 'at' | 'per' | 'mode'>,
): boolean {
  const worse = of.mode === 'ended' ? 'favourable' : 'adverse';
  return pastsDuring(past, of.at, endOf(of)).some(({ schemes }) =>
    schemes.get(of.scheme)?.levels.some(({ id, effect }) => id === of.level && effect === worse),
  );
}
