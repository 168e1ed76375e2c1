import { legendEntry, line, rect, svg, text } from '../../support/svg.ts';
import { eventsOf, type Schedule } from '../schedule.ts';
import { byOutcome, colourOf, wordsOf } from './colours.ts';

const WIDTH = 1200;
const PLOT = { left: 70, top: 210, width: 1100, height: 330 };
const BOTTOM = PLOT.top + PLOT.height;
const EVENT_ROW = 17;
const INK = '#52606d';

export interface OutcomesChart {
  readonly title: string;
  readonly schedule: Schedule;
  /** By day: what verifications came to, and how many. */
  readonly days: readonly ReadonlyMap<string, number>[];
}

/** Stacked bars, one a day, with what happened on the way. */
export function drawOutcomes({ title, schedule, days }: OutcomesChart): string {
  const labels = [...new Set(days.flatMap((day) => [...day.keys()]))].toSorted(byOutcome);
  const xOf = (hour: number) => PLOT.left + (hour / schedule.hours) * PLOT.width;
  const step = PLOT.width / days.length;
  return svg(WIDTH, BOTTOM + 90, title, [
    text(PLOT.left, 32, title, { size: 18, weight: 'bold' }),
    ...axes(days.length, xOf),
    ...days.flatMap((day, i) => bar(day, labels, PLOT.left + i * step + step * 0.08, step * 0.84)),
    ...marks(schedule, xOf),
    ...labels.map((label, i) =>
      legendEntry(PLOT.left + i * 220, BOTTOM + 72, colourOf(label), wordsOf(label)),
    ),
  ]);
}

function bar(
  day: ReadonlyMap<string, number>,
  labels: readonly string[],
  x: number,
  width: number,
): string[] {
  const all = [...day.values()].reduce((sum, count) => sum + count, 0);
  let y = BOTTOM;
  return labels.flatMap((label) => {
    const height = ((day.get(label) ?? 0) / all) * PLOT.height;
    y -= height;
    return height === 0 ? [] : [rect(x, y, width, height, colourOf(label))];
  });
}

function axes(days: number, xOf: (hour: number) => number): string[] {
  const every = days > 45 ? 10 : 5;
  const shares = [0, 25, 50, 75, 100].flatMap((share) => {
    const y = BOTTOM - (share / 100) * PLOT.height;
    return [
      line(PLOT.left, y, PLOT.left + PLOT.width, y, '#d9e0e6'),
      text(PLOT.left - 8, y + 4, `${share} %`, { anchor: 'end', fill: INK }),
    ];
  });
  const dates = Array.from({ length: Math.floor(days / every) + 1 }, (_, i) => i * every).map((day) =>
    text(xOf(day * 24), BOTTOM + 18, String(day), { anchor: 'middle', fill: INK }),
  );
  const below = text(PLOT.left + PLOT.width / 2, BOTTOM + 38, 'days', { anchor: 'middle', fill: INK });
  return [...shares, ...dates, below];
}

/** Each event in a row of its own, so that no two of them are written over one another. */
function marks(schedule: Schedule, xOf: (hour: number) => number): string[] {
  return eventsOf(schedule).flatMap(({ hour, title }, i) => {
    const [x, y] = [xOf(hour), 64 + i * EVENT_ROW];
    return [line(x, y - 8, x, BOTTOM, '#1f2933', '3 3'), text(x + 5, y, title)];
  });
}
