import { Buffer } from 'node:buffer';

/** The part of DER (X.690) that a certificate is made of. */
export type Der = Uint8Array;

export function der(tag: number, ...contents: readonly Uint8Array[]): Der {
  const content = Buffer.concat(contents);
  return Buffer.concat([Uint8Array.of(tag), lengthOf(content.length), content]);
}

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  if (length < 0x100) return Uint8Array.of(0x81, length);
  return Uint8Array.of(0x82, length >> 8, length & 0xff);
}

export const sequence = (...items: readonly Der[]) => der(0x30, ...items);
export const set = (...items: readonly Der[]) => der(0x31, ...items);
/** A positive integer; the first byte is below 0x80. */
export const integer = (bytes: Uint8Array) => der(0x02, bytes);
export const boolean = (value: boolean) => der(0x01, Uint8Array.of(value ? 0xff : 0));
export const octets = (content: Uint8Array) => der(0x04, content);
/** Whole bytes. */
export const bits = (content: Uint8Array) => der(0x03, Uint8Array.of(0), content);
export const text = (value: string) => der(0x0c, Buffer.from(value, 'utf8'));
/** Until 2049 (RFC 5280, section 4.1.2.5.1). */
export const utcTime = (date: Date) =>
  der(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-T:]/g, '')}Z`, 'ascii'));

/** An object identifier, as `2.5.4.3`. */
export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Uint8Array.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}
