import { escapeHtml } from '@symbolon/protocol/foreign-text';
import { REST, type Scale, type Series } from './series.ts';

/** A time that a band covers: `to` is the end of the chart where nothing ended it. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly words: string;
}

export interface Chart {
  readonly id: string;
  /** What is drawn, in a sentence: read out by a screen reader. */
  readonly title: string;
  readonly scale: Scale;
  readonly series: readonly Series[];
  /** Colour class of a series. */
  readonly colourOf: (name: string, place: number) => string;
  readonly bursts: readonly Band[];
  /** Publications of the registry. */
  readonly ticks: readonly number[];
  /** Bars that are pointed out. */
  readonly marks: readonly number[];
}

const WIDTH = 880;
const HEIGHT = 270;
const BOX = { left: 64, right: 868, top: 18, bottom: 210 };
const ACROSS = BOX.right - BOX.left;
const DOWN = BOX.bottom - BOX.top;

/** Bars over time, one series on another; bursts are bands behind them, publications ticks below. Text is text, so that it can be searched and read out. */
export function chartSvg(chart: Chart): string {
  const { id, title, scale, series } = chart;
  const sums = Array.from({ length: scale.bars }, (_, i) =>
    series.reduce((sum, { counts }) => sum + (counts[i] ?? 0), 0),
  );
  const { top, step } = axisOf(Math.max(1, ...sums));
  const y = (count: number) => BOX.bottom - (count / top) * DOWN;
  const x = (time: number) => clamp(BOX.left + ((time - scale.from) / (scale.bars * scale.seconds)) * ACROSS);
  const width = ACROSS / scale.bars;
  const most = Math.max(...sums);
  const description = `${series.map(({ name, total }) => `${name}: ${total}`).join(', ')}. At most ${most} in one ${scale.unit}.`;
  const parts = [
    ...chart.bursts.map(
      ({ from, to, words }) =>
        `<rect class="burst" x="${short(x(from))}" y="${BOX.top}" width="${short(Math.max(3, x(to) - x(from)))}" height="${DOWN}"><title>${escapeHtml(words)}</title></rect>`,
    ),
    ...gridLines(top, step, y),
    ...barsOf(chart, y, width),
    ...chart.marks.map((bar) => {
      const at = BOX.left + (bar + 0.5) * width;
      const above = Math.max(BOX.top + 2, y(sums[bar] ?? 0) - 6);
      return `<path class="mark" d="M${short(at - 5)} ${short(above - 8)}h10l-5 8z"/>`;
    }),
    `<line class="axis" x1="${BOX.left}" x2="${BOX.right}" y1="${BOX.bottom}" y2="${BOX.bottom}"/>`,
    ...chart.ticks
      .filter((time) => time >= scale.from && time <= scale.from + scale.bars * scale.seconds)
      .map(
        (time) =>
          `<line class="tick" x1="${short(x(time))}" x2="${short(x(time))}" y1="${BOX.bottom + 2}" y2="${BOX.bottom + 10}"/>`,
      ),
    ...dates(scale, x),
    `<text class="unit" x="${(BOX.left + BOX.right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">time (UTC), a bar for each ${scale.unit} 时间</text>`,
    `<text class="unit" transform="translate(14 ${(BOX.top + BOX.bottom) / 2}) rotate(-90)" text-anchor="middle">decisions per ${scale.unit} 决定数</text>`,
  ];
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">${escapeHtml(title)}</title>
<desc id="${id}-d">${escapeHtml(description)}</desc>
${parts.join('\n')}
</svg>`;
}

export function legendHtml({ series, colourOf, bursts, marks }: Chart, hasTicks: boolean): string {
  const entries = [
    ...series.map(
      ({ name, total }, i) =>
        `<li><span class="swatch ${colourOf(name, i)}"></span>${escapeHtml(name)} <b>${total.toLocaleString('en')}</b></li>`,
    ),
    ...(bursts.length > 0 ? ['<li><span class="swatch burst"></span>burst held 激增管控</li>'] : []),
    ...(marks.length > 0 ? ['<li><span class="pointer">▼</span>unusual rate 异常频率</li>'] : []),
    ...(hasTicks ? ['<li><span class="stroke"></span>publication of the registry 登记发布</li>'] : []),
  ];
  return `<ul class="legend">${entries.join('')}</ul>`;
}

function barsOf(
  { scale, series, colourOf }: Chart,
  y: (count: number) => number,
  width: number,
): readonly string[] {
  const below = new Array<number>(scale.bars).fill(0);
  const gap = width > 4 ? 1 : 0;
  return series.map(({ name, counts }, place) => {
    const path = counts
      .map((count, i) => {
        if (count === 0) return '';
        const base = below[i] ?? 0;
        below[i] = base + count;
        const height = Math.max(0.8, y(base) - y(base + count));
        return `M${short(BOX.left + i * width + gap / 2)} ${short(y(base))}v-${short(height)}h${short(width - gap)}v${short(height)}z`;
      })
      .join('');
    return `<path class="${colourOf(name, place)}" d="${path}"><title>${escapeHtml(name)}</title></path>`;
  });
}

function gridLines(top: number, step: number, y: (count: number) => number): readonly string[] {
  const lines: string[] = [];
  for (let count = 0; count <= top; count += step)
    lines.push(
      `<line class="grid" x1="${BOX.left}" x2="${BOX.right}" y1="${short(y(count))}" y2="${short(y(count))}"/>`,
      `<text x="${BOX.left - 8}" y="${short(y(count) + 4)}" text-anchor="end">${count.toLocaleString('en')}</text>`,
    );
  return lines;
}

/** About seven dates, each at the beginning of a bar. */
function dates({ unit, seconds, from, bars }: Scale, x: (time: number) => number): readonly string[] {
  const every = Math.max(1, Math.ceil(bars / 7));
  const texts: string[] = [];
  for (let bar = 0; bar < bars; bar += every) {
    const time = from + bar * seconds;
    const iso = new Date(time * 1000).toISOString();
    const words = unit === 'hour' ? `${iso.slice(5, 10)} ${iso.slice(11, 16)}` : iso.slice(0, 10);
    // The last one stays within the picture.
    const anchor = x(time) > BOX.right - 70 ? ' text-anchor="end"' : '';
    const at = anchor === '' ? x(time) : BOX.right;
    texts.push(`<text x="${short(at)}" y="${BOX.bottom + 26}"${anchor}>${words}</text>`);
  }
  return texts;
}

/** A round step that gives three to six lines, and the first multiple of it that nothing exceeds. */
function axisOf(most: number): { readonly top: number; readonly step: number } {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [0.2, 0.5, 1, 2, 5].map((n) => n * power).find((each) => most / each <= 5) ?? power;
  const whole = Math.max(1, Math.round(step));
  return { top: Math.ceil(most / whole) * whole, step: whole };
}

const PALETTE = 7;

/** By place; what is put together is grey. */
export function byPlace(name: string, place: number): string {
  return name === REST ? 'c-rest' : `c${place % PALETTE}`;
}

function clamp(value: number): number {
  return Math.min(BOX.right, Math.max(BOX.left, value));
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
