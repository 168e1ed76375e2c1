import { circle, legendEntry, line, polyline, svg, text } from '../support/svg.ts';
import type { LoadResult } from './load.ts';
import { grouped } from './report.ts';

const WIDTH = 1200;
const HEIGHT = 520;
const PLOT = { top: 110, width: 460, height: 310 };
const LEFT = [80, 690] as const;
const BOTTOM = PLOT.top + PLOT.height;
const INK = '#52606d';
const LINES = 4;

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
}
type Point = readonly [people: number, value: number];

/**
 * How CPU time and memory grow with the people, of every run. The dashed line goes straight on at the pace of the largest run's first half: what is linear stays on it,
 * and runs of another size lie on the same one.
 */
export function drawGrowth(results: readonly LoadResult[]): string {
  const largest = results.toSorted((a, b) => b.people - a.people)[0];
  const title = `${grouped(largest?.people ?? 0)} people: how time and memory grow`;
  const curves = (
    name: string,
    colour: string,
    pointsOf: (result: LoadResult) => readonly Point[],
  ): Curve[] => results.map((result) => ({ name, colour, points: [[0, 0], ...pointsOf(result)] }));
  const seconds = [
    ...curves('facts taken in, everyone evaluated', '#0072b2', ({ intake }) =>
      intake.map(({ people, cpu }) => [people, cpu]),
    ),
    ...curves('everyone evaluated anew by new rules', '#e69f00', ({ reevaluation }) =>
      reevaluation.map(({ people, cpu }) => [people, cpu]),
    ),
  ];
  const memory = curves('held by the stores', '#009e73', ({ intake }) =>
    intake.map(({ people, storeBytes }) => [people, storeBytes / 1e6]),
  );
  return svg(WIDTH, HEIGHT, title, [
    text(LEFT[0], 34, title, { size: 18, weight: 'bold' }),
    text(
      LEFT[0],
      58,
      'Points: tenths of each run. Dashed: straight on at the pace of the first half of the largest run.',
      {
        fill: INK,
      },
    ),
    ...panel(LEFT[0], 'seconds of CPU time', seconds),
    ...panel(LEFT[1], 'MB', memory),
  ]);
}

function panel(left: number, unit: string, curves: readonly Curve[]): string[] {
  const points = curves.flatMap((curve) => curve.points);
  const [mostPeople, most] = [Math.max(...points.map(([x]) => x)), Math.max(...points.map(([, y]) => y))];
  const step = roundStep(most / LINES);
  const top = step * Math.ceil(most / step);
  const at = ([people, value]: Point): Point => [
    left + (people / mostPeople) * PLOT.width,
    BOTTOM - (value / top) * PLOT.height,
  ];
  const names = [...new Map(curves.map(({ name, colour }) => [name, colour]))];
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
      const people = (mostPeople * i) / LINES;
      return text(at([people, 0])[0], BOTTOM + 18, grouped(people), { anchor: 'middle', fill: INK });
    }),
    text(left + PLOT.width / 2, BOTTOM + 38, 'people', { anchor: 'middle', fill: INK }),
    ...names.flatMap(([name, colour]) => pace(curves, name, mostPeople, at, colour)),
    ...curves.flatMap(({ points: own, colour }) => [
      polyline(own.map(at), colour),
      ...own.slice(1).map((point) => circle(...at(point), 3, colour)),
    ]),
    ...names.map(([name, colour], i) => legendEntry(left, BOTTOM + 62 + i * 20, colour, name)),
  ];
}

function pace(
  curves: readonly Curve[],
  name: string,
  mostPeople: number,
  at: (point: Point) => Point,
  colour: string,
): string[] {
  const longest = curves.filter((curve) => curve.name === name).at(-1)?.points ?? [];
  const [people, value] = longest[Math.floor(longest.length / 2)] ?? [1, 0];
  return [line(...at([0, 0]), ...at([mostPeople, (value / people) * mostPeople]), colour, '5 4')];
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
