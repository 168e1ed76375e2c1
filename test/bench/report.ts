import { type Figure, type Figures, reaches } from './figure.ts';

/** For machines: values rounded to four digits, as more of them would be noise. */
export function jsonReport(figures: Figures): string {
  const entries = Object.entries(figures).map(([name, { value, unit, better, must, aim }]) => {
    const marks = { ...(must !== undefined && { must }), ...(aim !== undefined && { aim }) };
    return [name, { value: Number(value.toPrecision(4)), unit, better, ...marks }];
  });
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}

const HEAD = ['', 'min', 'median', 'max', 'unit', 'better', 'must', 'aim', ''];

/** For people. */
export function tableReport(figures: Figures): string {
  const rows = [HEAD, ...Object.entries(figures).map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, column) => aligned(cell, column, widths[column] ?? 0)))
    .map((cells) => cells.join('  ').trimEnd())
    .join('\n');
}

function rowOf([name, figure]: [string, Figure]): string[] {
  const { value, unit, better, spread, must, aim } = figure;
  return [
    name,
    digits(spread?.min),
    digits(value),
    digits(spread?.max),
    unit,
    better,
    digits(must),
    digits(aim),
    remark(figure),
  ];
}

function remark(figure: Figure): string {
  const { must, aim } = figure;
  if (must !== undefined && !reaches(figure, must)) return 'MISSED';
  if (aim !== undefined && reaches(figure, aim)) return 'aim reached';
  return must === undefined ? '' : 'must reached';
}

function digits(value: number | undefined): string {
  if (value === undefined) return '';
  if (Number.isInteger(value)) return String(value);
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}

function aligned(cell: string, column: number, width: number): string {
  const numeric = [1, 2, 3, 6, 7].includes(column);
  return numeric ? cell.padStart(width) : cell.padEnd(width);
}
