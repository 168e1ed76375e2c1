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

/** The time of this library as a multiple of the time of its floor, of a peer, or of another form of the same: the other way round, so less is better. */
export function multiple(
  times: Sample,
  other: 'raw' | 'peer' | 'text',
  marks: Pick<Figure, 'must' | 'aim'> = {},
): Figure {
  return { ...figureOf(times), unit: `x ${other} time`, better: 'lower', ...marks };
}

/** CPU time of one operation. */
export function microseconds(time: Sample): Figure {
  return { ...figureOf(time), unit: 'us', better: 'lower' };
}

/** In thousands of bytes. */
export function kilobytes(bytes: number, marks: Pick<Figure, 'must' | 'aim'> = {}): Figure {
  return { value: bytes / 1000, unit: 'kB', better: 'lower', ...marks };
}

function figureOf({ min, median, max }: Sample): Pick<Figure, 'value' | 'spread'> {
  return { value: median, spread: { min, max } };
}
