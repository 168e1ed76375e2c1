import { utf8 } from '@symbolon/protocol/bytes';
import { parseInstant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { describe, expect, it } from 'vitest';
import { readLine } from './read-line.ts';

const read = (line: unknown, lineTimes = true) =>
  readLine(utf8(typeof line === 'string' ? line : JSON.stringify(line)), lineTimes);

describe('a line of a list', () => {
  it.each(['', ' ', '\r', '\t \r'])('is blank: %j', (text) => expect(read(text)).toBeUndefined());

  it('is a presentation as it is, whatever surrounds it', () =>
    expect(read(' SYM1:ABC \r')).toEqual({ presentation: 'SYM1:ABC' }));

  it('is a JSON-LD document, which nobody has read yet', () => {
    const document = '{"@context": [], "id": "urn:x", "type": "VerifiablePresentation"}';
    expect(read(document)).toEqual({ presentation: document });
  });

  it.each([
    [{ presentation: 'a~' }, { presentation: 'a~' }],
    [{ presentation: ['a~', 'b~'] }, { presentation: ['a~', 'b~'] }],
    [
      { id: '', presentation: 'a~' },
      { id: '', presentation: 'a~' },
    ],
    [
      { id: '4B', at: '2026-09-07T08:20:00Z', presentation: 'a~' },
      { id: '4B', at: parseInstant('2026-09-07T08:20:00Z'), presentation: 'a~' },
    ],
  ])('names what it holds: %j', (line, asked) => expect(read(line)).toEqual(asked));

  it.each([
    [{ presentation: 1 }],
    [{ presentation: null }],
    [{ presentation: ['a~', 1] }],
    [{ presentation: { type: 'VerifiablePresentation' } }],
    [{ presentation: 'a~', id: 7 }],
    [{ presentation: 'a~', id: 'x'.repeat(LIMITS.manifestIdChars + 1) }],
    [{ presentation: 'a~', at: 1788769200 }],
    [{ presentation: 'a~', seat: '4B' }],
  ])('REQ-DEC-027 has another form: %j', (line) => expect(read(line)).toEqual({ error: 'line-malformed' }));

  it.each([
    ['{"presentation": "a~"', 'json-malformed'],
    ['{"presentation": "a~", "presentation": "b~"}', 'json-duplicate-name'],
    [`{"presentation": ${'['.repeat(20)}${']'.repeat(20)}}`, 'json-too-deep'],
    ['x'.repeat(LIMITS.manifestLineBytes + 1), 'presentation-too-large'],
  ])('cannot be read: %.40s', (line, error) => expect(read(line)).toEqual({ error }));

  it('REQ-DEC-012 is not UTF-8', () =>
    expect(readLine(Uint8Array.of(0x53, 0xc3, 0x28), true)).toEqual({ error: 'utf8-malformed' }));

  it('REQ-DEC-025 keeps its id where its time has another form', () => {
    const line = { id: '4B', at: '2026-09-07 08:20', presentation: 'a~' };
    expect(read(line)).toEqual({ id: '4B', error: 'instant-malformed' });
  });

  it('REQ-DEC-027 chooses no time of its own, unless lines may: what is scanned can be such a line', () => {
    const line = { at: '2026-09-07T08:20:00Z', presentation: 'SYM1:ABC' };
    expect(read(line, false)).toEqual({ error: 'line-malformed' });
    expect(read({ id: '4B', ...line }, false)).toEqual({ id: '4B', error: 'line-malformed' });
    expect(read({ id: '4B', presentation: 'a~' }, false)).toEqual({ id: '4B', presentation: 'a~' });
    expect(read(line, true)).toEqual({ at: parseInstant(line.at), presentation: 'SYM1:ABC' });
  });

  it('holds as many presentations as may be shown together, each as long as it may be', () => {
    const presentation = Array.from({ length: LIMITS.shownTogether }, () =>
      'x'.repeat(LIMITS.presentationBytes),
    );
    expect(read({ id: 'x'.repeat(LIMITS.manifestIdChars), presentation })).toMatchObject({ presentation });
  });
});
