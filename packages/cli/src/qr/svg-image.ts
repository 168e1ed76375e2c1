import { encode } from 'uqr';

/** The white margin that ISO/IEC 18004 asks for, in modules. */
const QUIET_ZONE = 4;

/** A QR code at error correction M as an inline SVG: one path of rows of dark modules, which scales to any size. */
export function qrSvg(text: string): string {
  const { data: modules, size } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  const path = modules.flatMap((row, y) =>
    runs(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`),
  );
  return (
    `<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges" role="img" aria-label="QR">` +
    `<path d="${path.join('')}"/></svg>`
  );
}

/** Where dark modules of a row begin, and how many stand side by side. */
function runs(row: readonly boolean[]): readonly (readonly [x: number, length: number])[] {
  const found: [number, number][] = [];
  for (const [x, dark] of row.entries()) {
    const last = found.at(-1);
    if (!dark) continue;
    if (last !== undefined && last[0] + last[1] === x) last[1]++;
    else found.push([x, 1]);
  }
  return found;
}
