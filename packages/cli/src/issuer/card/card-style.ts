/** Widths in millimetres of the sheets that a card fills, held sideways (ISO 216). Both have the same shape, so one drawing serves both. */
export const PAPERS = { a6: [148, 105], a7: [105, 74] } as const;
export type Paper = keyof typeof PAPERS;

/** Lengths are counted in 105ths of the width: millimetres on A7. */
const UNITS_ACROSS = 105;

/** Black on white, no colour that a printer would have to make: the level is in words. */
export function cardStyle(paper: Paper): string {
  const [width, height] = PAPERS[paper];
  return `
@page { size: ${width}mm ${height}mm; margin: 0; }
* { box-sizing: border-box; margin: 0; padding: 0; }
:root { --u: ${width / UNITS_ACROSS}mm; }
body { color: #000; background: #fff; font: calc(2.3 * var(--u))/1.25 "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
.card { position: relative; width: ${width}mm; height: ${height}mm; padding: calc(4 * var(--u)); overflow: hidden; page-break-inside: avoid; }
.marks { position: absolute; inset: 0; width: 100%; height: 100%; fill: none; stroke: #000; stroke-width: .15; }
.qr { position: absolute; top: calc(4 * var(--u)); right: calc(4 * var(--u)); width: calc(45 * var(--u)); height: calc(45 * var(--u)); }
.words { position: absolute; top: calc(4 * var(--u)); left: calc(4 * var(--u)); width: calc(51 * var(--u)); }
.scheme { font-size: calc(3 * var(--u)); font-weight: 700; }
.level { margin-top: calc(1 * var(--u)); font-size: calc(5.6 * var(--u)); font-weight: 700; line-height: 1.1; }
.person { display: flex; gap: calc(2 * var(--u)); margin-top: calc(1.5 * var(--u)); }
.portrait { position: relative; flex: none; width: calc(22 * var(--u)); height: calc(28 * var(--u)); }
.portrait svg { width: 100%; height: 100%; fill: none; stroke: #000; stroke-width: .15; }
.portrait span { position: absolute; inset: 0; display: grid; place-content: center; text-align: center; font-size: calc(2 * var(--u)); }
.initials { font-size: calc(6 * var(--u)); font-weight: 700; line-height: 1.1; }
.asset { margin-top: calc(2 * var(--u)); font: calc(2.2 * var(--u))/1.3 monospace; overflow-wrap: anywhere; }
.until { font-size: calc(2.6 * var(--u)); font-weight: 700; }
.zone { font-size: calc(1.9 * var(--u)); }
.contested { display: inline-block; border: calc(.4 * var(--u)) solid #000; padding: 0 calc(1 * var(--u)); font-weight: 700; }
.refused { position: absolute; left: calc(4 * var(--u)); right: calc(4 * var(--u)); bottom: calc(3 * var(--u)); border-top: calc(.2 * var(--u)) solid #000; padding-top: calc(1 * var(--u)); font-size: calc(1.9 * var(--u)); }
@media screen { body { padding: 5mm; } .card { outline: .2mm dashed #888; } }
`;
}
