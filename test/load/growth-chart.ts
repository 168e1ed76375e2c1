import { grouped } from '../support/grouped.ts';
import { type Curve, growthPanel, HEIGHT, INK, LEFT, type Point, WIDTH } from '../support/growth-panel.ts';
import { svg, text } from '../support/svg.ts';
import type { LoadResult } from './load.ts';

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
    ...growthPanel(LEFT[0], 'seconds of CPU time', 'people', seconds),
    ...growthPanel(LEFT[1], 'MB', 'people', memory),
  ]);
}
