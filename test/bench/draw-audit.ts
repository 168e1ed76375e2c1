import { writeFile } from 'node:fs/promises';
import { stderr } from 'node:process';
import { type Curve, growthPanel, HEIGHT, INK, LEFT, WIDTH } from '../support/growth-panel.ts';
import { svg, text } from '../support/svg.ts';
import { measureAudit, type SizedCost } from './workload/measure-audit.ts';

/** `npm run bench:audit -- FILE`: draws how time and memory of a first audit grow with the log, the whole command each time. */

const SIZES = [100_000, 250_000, 500_000, 1_000_000];
const MUST_MEGABYTES = 512;

function draw(costs: readonly SizedCost[]): string {
  const title = 'A first audit: how time and memory grow with the log';
  const curve = (name: string, colour: string, amountOf: (cost: SizedCost) => number): Curve => ({
    name,
    colour,
    points: costs.map((cost) => [cost.size, amountOf(cost)] as const),
  });
  const most = SIZES.at(-1) ?? 0;
  return svg(WIDTH, HEIGHT, title, [
    text(LEFT[0], 34, title, { size: 18, weight: 'bold' }),
    text(
      LEFT[0],
      58,
      'Each point is a whole run of the command. Dashed: straight on at the pace of the middle.',
      {
        fill: INK,
      },
    ),
    ...growthPanel(LEFT[0], 'seconds', 'leaves', [
      curve('from the start of the command to its end', '#0072b2', ({ seconds }) => seconds),
    ]),
    ...growthPanel(LEFT[1], 'MB', 'leaves', [
      {
        ...curve('largest memory of the process', '#009e73', ({ peakMegabytes }) => peakMegabytes),
        isPaced: false,
      },
      {
        name: 'the most that it may need',
        colour: '#d55e00',
        isPaced: false,
        points: [
          [0, MUST_MEGABYTES],
          [most, MUST_MEGABYTES],
        ],
      },
    ]),
  ]);
}

const [file = 'audit.svg'] = process.argv.slice(2);
const { costs } = await measureAudit(SIZES, (size, done, all) =>
  stderr.write(`audit of ${size} leaves (${done + 1} of ${all})\n`),
);
await writeFile(file, draw(costs));
