import { grouped } from './grouped.ts';
import { circle, legendEntry, line, polyline, text } from './svg.ts';

/** Of a drawing with two panels side by side. */
export const WIDTH = 1200;
export const HEIGHT = 520;
export const LEFT = [80, 690] as const;
export const INK = '#52606d';
const PLOT = { top: 110, width: 460, height: 310 };
const BOTTOM = PLOT.top + PLOT.height;
const LINES = 4;

export interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
  /** Whether a dashed line goes straight on at its pace. */
  readonly isPaced?: false;
}
export type Point = readonly [x: number, value: number];

/**
 * One set of axes with its curves. A dashed line goes straight on at the pace of the first half of the last curve of a name: what is linear stays on it.
 *
 * @param unit of what is up the side
 * @param along what is along the bottom
 */
export function growthPanel(left: number, unit: string, along: string, curves: readonly Curve[]): string[] {
  const points = curves.flatMap((curve) => curve.points);
  const [farthest, most] = [Math.max(...points.map(([x]) => x)), Math.max(...points.map(([, y]) => y))];
  const step = roundStep(most / LINES);
  const top = step * Math.ceil(most / step);
  const at = ([x, value]: Point): Point => [
    left + (x / farthest) * PLOT.width,
    BOTTOM - (value / top) * PLOT.height,
  ];
  const names = [...new Map(curves.map(({ name, colour }) => [name, colour]))];
  const paced = names.filter(([name]) =>
    curves.some((curve) => curve.name === name && curve.isPaced !== false),
  );
  return [
    text(left, PLOT.top - 18, unit, { weight: 'bold' }),
    ...range(top / step).flatMap((i) => {
      const [, y] = at([0, i * step]);
      return [
        line(left, y, left + PLOT.width, y, '#d9e0e6'),
        text(left - 8, y + 4, grouped(i * step), { anchor: 'end', fill: INK }),
      ];
    }),
    ...range(LINES).map((i) => {
      const x = (farthest * i) / LINES;
      return text(at([x, 0])[0], BOTTOM + 18, grouped(x), { anchor: 'middle', fill: INK });
    }),
    text(left + PLOT.width / 2, BOTTOM + 38, along, { anchor: 'middle', fill: INK }),
    ...paced.flatMap(([name, colour]) => pace(curves, name, farthest, at, colour)),
    ...curves.flatMap(({ points: own, colour }) => [
      polyline(own.map(at), colour),
      ...own.filter(([x]) => x > 0).map((point) => circle(...at(point), 3, colour)),
    ]),
    ...names.map(([name, colour], i) => legendEntry(left, BOTTOM + 62 + i * 20, colour, name)),
  ];
}

function pace(
  curves: readonly Curve[],
  name: string,
  farthest: number,
  at: (point: Point) => Point,
  colour: string,
): string[] {
  const longest = curves.filter((curve) => curve.name === name).at(-1)?.points ?? [];
  const [x, value] = longest[Math.floor(longest.length / 2)] ?? [1, 0];
  return [line(...at([0, 0]), ...at([farthest, (value / x) * farthest]), colour, '5 4')];
}

/** 1, 2, 2.5 or 5 times a power of ten, not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 2.5, 5].find((factor) => factor * power >= least) ?? 10) * power;
}

/** 0, 1, ..., last */
function range(last: number): number[] {
  return Array.from({ length: Math.round(last) + 1 }, (_, i) => i);
}
