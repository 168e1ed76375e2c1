import { decodeBase64, encodeBase64 } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash } from '../tree/hashes.ts';
import { formatTlogProof, parseTlogProof, type TlogProof } from './tlog-proof.ts';

const hashes = Array.from({ length: 4 }, (_, i) => leafHash(utf8(`leaf ${i}`)));
const proof = {
  extra: 'what only\u0000 the holders have \u00ff',
  index: 12,
  hashes,
  checkpoint: 'a\n1\n\nb\n\nc',
};
const text = formatTlogProof(proof);
const malformed = expect.objectContaining({ code: 'receipt-malformed' });

/** The format as C2SP tells it: line by line. */
function byLines(whole: string): TlogProof | undefined {
  const end = whole.indexOf('\n\n');
  const [header, ...lines] = whole.slice(0, Math.max(end, 0)).split('\n');
  const extra = lines[0]?.startsWith('extra ') === true ? lines.shift()?.slice('extra '.length) : undefined;
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '')?.[1];
  try {
    const read = {
      extra: extra === undefined ? undefined : String.fromCharCode(...decodeBase64(extra)),
      index: Number(index),
      hashes: lines.map(decodeBase64),
      checkpoint: whole.slice(end + 2),
    };
    const isGood = header === 'c2sp.org/tlog-proof@v1' && read.hashes.every(({ length }) => length === 32);
    return isGood && index !== undefined ? read : undefined;
  } catch {
    return undefined;
  }
}

function read(whole: string): TlogProof | undefined {
  try {
    return parseTlogProof(whole);
  } catch (error) {
    expect(error).toEqual(malformed);
    return undefined;
  }
}

describe('REQ-LOG-012 C2SP tlog-proof', () => {
  it('what is written is read, also without extra data or hashes', () => {
    for (const each of [
      proof,
      { ...proof, extra: undefined },
      { ...proof, extra: '' },
      { ...proof, hashes: [] },
    ])
      expect(parseTlogProof(formatTlogProof(each))).toEqual(each);
  });

  it('reads what is read line by line, and nothing else', () => {
    const head = text.indexOf('\n\n') + 2;
    const some = fc.constantFrom(
      '',
      '\n',
      '=',
      'A',
      'B',
      ' ',
      '+',
      '-',
      '0',
      '\r',
      '—',
      '=\n',
      'extra ',
      'index 1\n',
    );
    const edit = fc.record({ at: fc.nat({ max: head }), taken: fc.nat({ max: 2 }), put: some });
    const counts = { good: 0, bad: 0 };
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 2 }), (edits) => {
        const changed = edits.reduce(
          (whole, { at, taken, put }) => whole.slice(0, at) + put + whole.slice(at + taken),
          text,
        );
        const result = read(changed);
        expect(result).toEqual(byLines(changed));
        counts[result === undefined ? 'bad' : 'good']++;
      }),
      { seed: 12, numRuns: 4000 },
    );
    expect(Math.min(counts.good, counts.bad)).toBeGreaterThan(100);
  });

  const [first = '', second = ''] = hashes.map(encodeBase64);
  it.each([
    [
      'an end of line that is elsewhere',
      text.replace(`${first}\n${second}`, `${first}${second.slice(0, 4)}\n${second.slice(4)}`),
    ],
    ['another sign for the end of line', text.replace(`${first}\n`, `${first} `)],
    ['a space in the extra data', text.replace(/extra (....)/, 'extra $1 ')],
    ['a space behind the extra data', text.replace(/(extra .*)/, '$1 ')],
    ['extra data without padding', text.replace(/(extra .*?)=+\n/, '$1\n')],
    ['extra data with bits left over', text.replace(/(extra .*)8=\n/, '$19=\n')],
    [
      'extra data in base64url',
      formatTlogProof({ ...proof, extra: '\u00fb\u00ff\u00fe' }).replace('+//+', '-__-'),
    ],
  ])('%s is refused', (_what, bad) => {
    expect(bad).not.toBe(text);
    expect(() => parseTlogProof(bad)).toThrow(malformed);
  });
});
