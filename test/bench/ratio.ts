import type { Figure } from './figure.ts';
import type { Sample } from './measure.ts';

/** How fast this library is, as a share of the speed of its floor or of a peer. */
export function ratio(
  speed: Sample,
  other: 'floor' | 'peer',
  marks: Pick<Figure, 'must' | 'aim'> = {},
): Figure {
  return { ...figureOf(speed), unit: `x ${other}`, better: 'higher', ...marks };
}

/** CPU time of one operation. */
export function microseconds(time: Sample): Figure {
  return { ...figureOf(time), unit: 'us', better: 'lower' };
}

function figureOf({ min, median, max }: Sample): Pick<Figure, 'value' | 'spread'> {
  return { value: median, spread: { min, max } };
}
