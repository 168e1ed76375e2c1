import { readdirSync, readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { isJsonObject, type Json, parseStrictJson } from '@symbolon/protocol/strict-json';
import {
  compressList,
  type EntryBits,
  inflateList,
  packEntries,
  statusAt,
} from '@symbolon/status/status-list';
import { describe, expect, it } from 'vitest';

interface Vector {
  readonly name: string;
  readonly bits: EntryBits;
  readonly size: number;
  /** One of them is listed with value 0, as published. */
  readonly entries: Uint8Array;
  readonly lst: string;
}

const FOLDER = new URL('../vectors/token-status-list/', import.meta.url);
const vectors = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => readVector(name, parseStrictJson(readFileSync(new URL(name, FOLDER), 'utf8').trim())));

/** A vector published with the Token Status List specification: all entries are 0 but those listed. */
function readVector(name: string, value: Json): Vector {
  if (!isJsonObject(value) || !isJsonObject(value['nonZero'])) throw new TypeError(name);
  const { size, lst } = value;
  const bits = ([1, 2, 4, 8] as const).find((one) => one === value['bits']);
  if (bits === undefined || typeof size !== 'number' || typeof lst !== 'string') throw new TypeError(name);
  const entries = new Uint8Array(size);
  for (const [index, entry] of Object.entries(value['nonZero'])) entries[Number(index)] = Number(entry);
  return { name, bits, size, entries, lst };
}

/** An independent reading: the inflated bytes as binary digits, last byte first, so that entry 0 ends the text. */
function readDigits(inflated: Uint8Array, bits: number): Map<number, number> {
  const digits = Array.from(inflated.toReversed(), (byte) => byte.toString(2).padStart(8, '0')).join('');
  const found = new Map<number, number>();
  for (let end = digits.length, index = 0; end > 0; end -= bits, index++) {
    const value = Number.parseInt(digits.slice(end - bits, end), 2);
    if (value !== 0) found.set(index, value);
  }
  return found;
}

describe('the published Token Status List vectors', () => {
  it('are there, one for each number of bits, and none is empty', () => {
    expect(vectors.every(({ entries }) => entries.some((value) => value !== 0))).toBe(true);
    expect(vectors.map(({ bits }) => bits).toSorted((a, b) => a - b)).toEqual([1, 2, 4, 8]);
  });

  describe.each(vectors)('$name', ({ bits, size, entries, lst }) => {
    const expected = new Map([...entries.entries()].filter(([, value]) => value !== 0));

    it('decodes to exactly the listed entries', async () => {
      const list = await inflateList(bits, decodeBase64url(lst));
      expect(list.size).toBe(size);
      const wrong = entries.findIndex((value, index) => statusAt(list, index) !== value);
      expect(wrong).toBe(-1);
      expect(statusAt(list, size)).toBeUndefined();
    });

    it('packs to the published bytes, and what is compressed here decodes to the same', async () => {
      const list = packEntries(bits, entries);
      expect(Buffer.from(inflateSync(decodeBase64url(lst))).equals(Buffer.from(list.bytes))).toBe(true);
      const compressed = await compressList(list);
      expect(await inflateList(bits, compressed)).toEqual(list);
      expect(readDigits(inflateSync(compressed), bits)).toEqual(expected);
    });

    it('an independent reader of the published text finds the same entries', () => {
      expect(readDigits(inflateSync(Buffer.from(lst, 'base64url')), bits)).toEqual(expected);
    });
  });
});
