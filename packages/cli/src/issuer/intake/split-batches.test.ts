import { signStatement } from '@symbolon/issuer/statement';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { LIMITS } from '@symbolon/protocol/limits';
import { describe, expect, it } from 'vitest';
import { type NumberedLine, splitter } from './split-batches.ts';

const line = (number: number, who: string, padding = ''): NumberedLine => ({
  kind: 'fact',
  who,
  number,
  json: { id: String(number), subject: who, padding },
});

function split(lines: readonly NumberedLine[], most: number, mostBytes?: number) {
  const splitting = splitter(most, mostBytes);
  const batches = lines.flatMap((each) => {
    const full = splitting.add(each);
    return full === undefined ? [] : [full];
  });
  return [...batches, splitting.rest()].map((batch) => batch.map(({ number }) => number));
}
const numbered = (whos: string) => [...whos].map((who, index) => line(index + 1, who));

describe('lines in batches', () => {
  it.each([
    ['abcdefg', 3, [[1, 2, 3], [4, 5, 6], [7]]],
    // A correction: what is taken back and what comes instead stay together.
    [
      'abccd',
      3,
      [
        [1, 2],
        [3, 4, 5],
      ],
    ],
    ['abbbcd', 3, [[1], [2, 3, 4], [5, 6]]],
    // There is no place to cut: all of it is one subject.
    ['aaaaa', 2, [[1, 2], [3, 4], [5]]],
    ['', 2, [[]]],
  ])('%s, at most %d', (whos, most, expected) => expect(split(numbered(whos), most)).toEqual(expected));

  it('where a batch ends follows from where it begins: a run that goes on makes the same ones', () => {
    const lines = numbered('abbcdddeeffffgghij');
    const whole = split(lines, 4);
    for (const [index, batch] of whole.entries()) {
      const rest = lines.slice((batch[0] ?? 1) - 1);
      expect(split(rest, 4)).toEqual(whole.slice(index));
    }
    expect(whole.flat()).toEqual(lines.map(({ number }) => number));
  });

  it('REQ-ISS-028 a batch of long lines is below the bound of a statement, and nearly reaches it', async () => {
    const signer = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'lab'));
    const lines = Array.from({ length: 256 }, (_, n) => line(n, String(n), '病'.repeat(600)));
    const splitting = splitter(LIMITS.batchFacts);
    const first = lines.map((each) => splitting.add(each)).find((each) => each !== undefined) ?? [];
    const claims = { iss: 'lab', facts: first.map(({ json }) => json) };
    const { length } = await signStatement('facts', claims, signer);
    expect(length).toBeLessThan(LIMITS.statementBytes - 1024);
    expect(length).toBeGreaterThan(LIMITS.statementBytes - 8192);
  });

  it('keeps a subject together only while that fits', () => {
    const long = 'x'.repeat(1000);
    const lines = [line(1, 'a'), line(2, 'b', long), line(3, 'b', long), line(4, 'b', long)];
    expect(split(lines, 10, 2500)).toEqual([[1, 2, 3], [4]]);
    expect(split(lines, 10, 3500)).toEqual([[1, 2, 3, 4]]);
  });
});
