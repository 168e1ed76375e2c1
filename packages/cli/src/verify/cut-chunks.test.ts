import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import { describe, expect, it } from 'vitest';
import { cutChunks, linesOf } from './cut-chunks.ts';

async function* pieces(...texts: readonly string[]) {
  for (const text of texts) yield utf8(text);
}

/** What a reader of all chunks has: each line with its number. */
async function linesIn(...texts: readonly string[]): Promise<[number, string][]> {
  const all: [number, string][] = [];
  for await (const chunk of cutChunks(pieces(...texts)))
    for (const { line, bytes } of linesOf(chunk)) all.push([line, fromUtf8(bytes)]);
  return all;
}

describe('chunks of whole lines', () => {
  it.each([
    ['nothing', [], []],
    ['one line without an end', ['a'], ['a']],
    ['a last line without an end', ['a\nb'], ['a', 'b']],
    ['an end behind every line', ['a\nb\n'], ['a', 'b']],
    ['blank lines, which count', ['\n\na\n\n'], ['', '', 'a', '']],
    ['lines that come in pieces', ['a', 'b\nc', '', 'd', '\n', 'e'], ['ab', 'cd', 'e']],
  ])('%s', async (_, texts, lines) => {
    expect(await linesIn(...texts)).toEqual(lines.map((text, index) => [index + 1, text]));
  });

  it('the same lines, wherever the pieces are cut', async () => {
    const text = 'first\n\nthe third ä€\r\nfourth\nthe last';
    const whole = await linesIn(text);
    for (let at = 0; at <= text.length; at++)
      for (let end = at; end <= text.length; end++)
        expect(await linesIn(text.slice(0, at), text.slice(at, end), text.slice(end))).toEqual(whole);
  });

  it('REQ-DEC-004 of a line without an end no more is kept than shows that it is too long', async () => {
    const piece = 'x'.repeat(64 * 1024);
    const [long, next] = await linesIn(...Array.from({ length: 64 }, () => piece), '\nnext');
    expect(long?.[1].length).toBeGreaterThan(LIMITS.manifestLineBytes);
    expect(long?.[1].length).toBeLessThan(LIMITS.manifestLineBytes + 2 * piece.length);
    expect(next).toEqual([2, 'next']);
  });

  it('tells how much has come', async () => {
    const received: number[] = [];
    for await (const chunk of cutChunks(pieces('a\nb', 'c', '\nd'))) received.push(chunk.received);
    expect(received).toEqual([3, 6, 6]);
  });
});
