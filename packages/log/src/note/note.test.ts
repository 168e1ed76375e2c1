import { encodeBase64 } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNote, formatSignature, parseNote, parseSignatureLines } from './note.ts';

const malformed = expect.objectContaining({ code: 'checkpoint-malformed' });
const line = (name: string, bytes: number = 68) => `— ${name} ${encodeBase64(new Uint8Array(bytes))}\n`;

describe('C2SP signed-note', () => {
  it('what is written is read', () => {
    const name = fc
      .stringMatching(/^[^\s+\u0085]{1,20}$/u)
      .filter((each) => !/[\p{White_Space}\p{Cc}]/u.test(each));
    const part = fc.tuple(
      name,
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 1, maxLength: 80 }),
    );
    const text = fc.array(fc.stringMatching(/^[ -~é—\u3000]{0,20}$/u), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(text, fc.array(part, { minLength: 1, maxLength: 5 }), (lines, signatures) => {
        const signed = `${lines.join('\n')}\n`;
        const written = formatNote(
          signed,
          signatures.map(([...each]) => formatSignature(...each)),
        );
        for (const note of [parseNote(written), parseNote(utf8(written))]) {
          expect(note.text).toBe(signed);
          expect(note.signatures.map(({ name, id, signature }) => [name, [...id], [...signature]])).toEqual(
            signatures.map(([each, id, signature]) => [each, [...id], [...signature]]),
          );
          expect(note.signatures.map((each) => each.line).join('')).toBe(written.slice(signed.length + 1));
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it.each([
    ['no signature', 'text\n\n'],
    ['no empty line', `text\n${line('a')}`],
    ['no end of line', `text\n\n${line('a').trimEnd()}`],
    ['something behind the signatures', `text\n\n${line('a')}more`],
    ['another dash', `text\n\n${line('a').replace('—', '-')}`],
    ['no name', `text\n\n${line('')}`],
    ['a plus sign in a name', `text\n\n${line('a+b')}`],
    ['a space in a name', `text\n\n${line('a b')}`],
    ['a space of Unicode in a name (U+00A0)', `text\n\n${line('a\u00a0b')}`],
    ['a space of Unicode in a name (U+0085)', `text\n\n${line('a\u0085b')}`],
    ['a space of Unicode in a name (U+3000)', `text\n\n${line('a\u3000b')}`],
    ['two spaces', `text\n\n${line('a').replace('a ', 'a  ')}`],
    ['no signature bytes', `text\n\n${line('a', 4)}`],
    ['base64 without its padding', `text\n\n${line('a', 5).replace('=', '')}`],
    ['base64 with bits left over', `text\n\n— a AAAAAAB=\n`],
    ['base64url', `text\n\n— a AAAAAA__\n`],
    ['a tabulator', `te\txt\n\n${line('a')}`],
    ['a carriage return', `text\r\n\n${line('a')}`],
    ['a zero byte', `te\0xt\n\n${line('a')}`],
    ['half a character', `te\ud800xt\n\n${line('a')}`],
    ['nothing', ''],
  ])('REQ-LOG-002: %s is refused', (_what, note) => {
    expect(() => parseNote(note)).toThrow(malformed);
  });

  it('REQ-LOG-002: bytes that are not UTF-8 are refused', () => {
    expect(() => parseNote(Uint8Array.of(0x74, 0xff, 0x0a, 0x0a))).toThrow(malformed);
  });

  it('REQ-LOG-002: of the characters below the space only the end of line is in a note', () => {
    const taken = Array.from({ length: 256 }, (_, code) => code).filter((code) => {
      try {
        return parseNote(`te${String.fromCharCode(code)}xt\n\n${line('a')}`).signatures.length === 1;
      } catch (error) {
        expect(error).toEqual(malformed);
        return false;
      }
    });
    expect(taken).toEqual([0x0a, ...Array.from({ length: 256 - 0x20 }, (_, i) => 0x20 + i)]);
  });

  it('names of other people may be odd', () => {
    for (const name of ['Zeuge', '證人.example', 'a/b?c=d#e', '—', 'oid/1.3.6.1', '\ufeffa', "o'neil"]) {
      expect(parseNote(`text\n\n${line(name)}`).signatures.map((each) => each.name)).toEqual([name]);
    }
  });

  it('the text goes to the last empty line', () => {
    expect(parseNote(`a\n\nb\n\n\n${line('w')}`).text).toBe('a\n\nb\n\n');
  });

  it('REQ-LOG-002: sixteen signatures of the longest kind fit, and the bounds hold', () => {
    // Timestamped ML-DSA-44, the largest of the types that the specification has.
    const large = line('w'.repeat(60), 4 + 8 + 2420);
    expect(parseNote(`text\n\n${large.repeat(16)}`).signatures).toHaveLength(16);
    const most = LIMITS.noteSignatures;
    expect(parseNote(`text\n\n${line('w').repeat(most)}`).signatures).toHaveLength(most);
    expect(() => parseNote(`text\n\n${line('w').repeat(most + 1)}`)).toThrow(
      expect.objectContaining({ code: 'checkpoint-malformed', bound: most }),
    );
    const long = 'x'.repeat(LIMITS.checkpointBytes);
    const wide = '界'.repeat(LIMITS.checkpointBytes / 3);
    for (const text of [long, wide]) {
      const oversize = expect.objectContaining({
        code: 'checkpoint-malformed',
        bound: LIMITS.checkpointBytes,
      });
      expect(() => parseNote(`${text}\n\n${line('w')}`)).toThrow(oversize);
      expect(() => parseNote(utf8(`${text}\n\n${line('w')}`))).toThrow(oversize);
    }
  });

  it('the lines that a witness answers', () => {
    expect(parseSignatureLines(line('a') + line('b')).map(({ name }) => name)).toEqual(['a', 'b']);
    for (const bad of ['', '\n', 'text\n', `x\n\n${line('a')}`, `${line('a')}\n`]) {
      expect(() => parseSignatureLines(bad)).toThrow(malformed);
    }
  });
});
