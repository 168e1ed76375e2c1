import { encode as encodePng } from 'fast-png';

/** The code of a printed card as a camera would see it: a PNG of what its page draws. */
export function drawnCode(page: string): Uint8Array {
  const [, side, path = ''] =
    /class="qr"[^>]*viewBox="0 0 (\d+) \d+"[^>]*><path d="([^"]+)"/.exec(page) ?? [];
  const size = Number(side);
  const scale = 4;
  const data = new Uint8Array((size * scale) ** 2).fill(255);
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let line = 0; line < scale; line++) {
      const start = (Number(y) * scale + line) * size * scale + Number(x) * scale;
      data.fill(0, start, start + Number(length) * scale);
    }
  }
  return encodePng({ width: size * scale, height: size * scale, data, channels: 1, depth: 8 });
}
