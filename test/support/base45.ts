/** Base45 (RFC 9285), written once more for tests that go below the QR text. */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

export function toBase45(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length;
    let value = pair ? (bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0) : (bytes[i] ?? 0);
    for (let digits = pair ? 3 : 2; digits > 0; digits--) {
      out += ALPHABET[value % 45];
      value = Math.floor(value / 45);
    }
  }
  return out;
}

/** Of text that is known to be base45. */
export function fromBase45(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const [group] of text.matchAll(/.{1,3}/gs)) {
    const value = [...group].reduceRight((sum, char) => sum * 45 + ALPHABET.indexOf(char), 0);
    if (group.length === 3) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  return Uint8Array.from(bytes);
}
