import { encode as encodePng } from 'fast-png';

const FINDER = ['1111111', '1000001', '1011101', '1011101', '1011101', '1000001', '1111111'];

/** A PNG that a decoder is long at: `side` x `side` pixels of the squares that stand in a QR code's corners. */
export function slowImage(side = 3000): Uint8Array {
  const data = new Uint8Array(side * side).fill(255);
  for (let y = 0; y + 8 < side; y += 9) {
    for (let x = 0; x + 8 < side; x += 9) {
      for (const [dy, row] of FINDER.entries()) {
        for (const [dx, bit] of [...row].entries()) if (bit === '1') data[(y + dy) * side + x + dx] = 0;
      }
    }
  }
  return encodePng({ width: side, height: side, data, channels: 1, depth: 8 });
}
