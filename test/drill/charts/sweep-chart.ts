import { legendEntry, line, rect, svg, text } from '../../support/svg.ts';
import { labelOf } from '../outcome.ts';
import { type Band, SWEEP_DAYS, type Sweep } from '../sweep.ts';
import { byOutcome, colourOf } from './colours.ts';

const WIDTH = 1200;
const PLOT = { left: 30, width: 1140, top: 100 };
const BAND_HEIGHT = 56;
/** For each sweep: its title, its hours, its band, and the codes below. */
const SWEEP_HEIGHT = 230;
const INK = '#52606d';
const LAST_HOUR = SWEEP_DAYS * 24;

/** One band for each sweep: what a fresh credential comes to, the older the one bundle is. The scale is by square roots, as the first days matter most. */
export function drawSweeps(sweeps: readonly Sweep[]): string {
  const title = 'A fresh credential against one bundle, while the clock runs for 30 days';
  const grades = [...new Set(sweeps.flatMap(({ bands }) => bands.map(gradeOf)))].toSorted(byOutcome);
  const bottom = PLOT.top + sweeps.length * SWEEP_HEIGHT;
  return svg(WIDTH, bottom + 40, title, [
    text(PLOT.left, 32, title, { size: 18, weight: 'bold' }),
    text(PLOT.left, 56, 'Hours since the bundle was signed; the scale is by square roots', { fill: INK }),
    ...sweeps.flatMap((sweep, i) => drawSweep(sweep, PLOT.top + i * SWEEP_HEIGHT)),
    ...grades.map((grade, i) =>
      legendEntry(
        PLOT.left + i * 220,
        bottom + 16,
        colourOf(grade),
        grade.replace(' stale-warn', ', with a warning'),
      ),
    ),
  ]);
}

function drawSweep({ title, bands }: Sweep, top: number): string[] {
  const y = top + 42;
  const bars = bands.map((band) =>
    rect(xOf(band.from), y, xOf(band.until) - xOf(band.from), BAND_HEIGHT, colourOf(labelOf(band))),
  );
  const edges = bands.flatMap((band, i) => edge(band, y, bands.length, i));
  return [text(PLOT.left, top, title, { weight: 'bold', size: 14 }), ...bars, ...edges, endMark(y)];
}

/** The hour above the band, and what begins with it below: later ones further up, so that no line runs through a text. */
function edge(band: Band, y: number, count: number, i: number): string[] {
  const x = xOf(band.from);
  const row = y + BAND_HEIGHT + 20 + (count - 1 - i) * 17;
  return [
    line(x, y - 4, x, row - 4, '#1f2933'),
    text(x, y - 9, `${band.from} h`, { anchor: i === 0 ? 'start' : 'middle' }),
    text(x + 5, row, labelOf(band).replace(' ', ': ')),
  ];
}

function endMark(y: number): string {
  return text(PLOT.left + PLOT.width, y - 9, `${LAST_HOUR} h`, { anchor: 'end', fill: INK });
}

function gradeOf({ outcome, codes }: Band): string {
  return outcome === 'accepted' ? labelOf({ outcome, codes }) : outcome;
}

function xOf(hour: number): number {
  return PLOT.left + Math.sqrt(Math.min(hour, LAST_HOUR) / LAST_HOUR) * PLOT.width;
}
