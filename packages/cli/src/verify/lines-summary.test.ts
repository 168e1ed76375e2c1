import { describe, expect, it } from 'vitest';
import type { JudgedLine } from './judge-lines.ts';
import { LineCounts } from './line-counts.ts';
import { progressText } from './lines-progress.ts';
import { summaryJson, summaryText } from './lines-summary.ts';

function countsOf(...lines: readonly Pick<JudgedLine, 'outcome' | 'code'>[]): LineCounts {
  const counts = new LineCounts();
  for (const line of lines) counts.add({ ...line, replayIds: [], text: '' });
  return counts;
}

const accepted = { outcome: 'accepted' } as const;
const referred = { outcome: 'referred', code: 'status-contested' } as const;
const stale = { outcome: 'refused', code: 'binding-stale' } as const;
const revoked = { outcome: 'refused', code: 'status-revoked' } as const;
const unread = { outcome: 'unreadable', code: 'line-malformed' } as const;

describe('the summary of a run', () => {
  const counts = countsOf(accepted, stale, revoked, accepted, stale, referred, unread);
  counts.blank = 1;

  it('is a line, and one for each reason, the most frequent first', () => {
    expect(summaryText({ counts, seconds: 3.5, complete: true }).split('\n')).toEqual([
      '7 lines and 1 blank, in 3.5 s, 2 a second: 2 accepted, 1 referred, 3 refused, 1 unreadable',
      '  referred status-contested: 1',
      '  refused binding-stale: 2',
      '  refused status-revoked: 1',
      '  unreadable line-malformed: 1',
    ]);
  });

  it('says when the run was stopped', () =>
    expect(summaryText({ counts, seconds: 1, complete: false })).toMatch(/^Stopped before the end: 7 lines/));

  it('has the same for machines', () =>
    expect(summaryJson({ counts, seconds: 3.5, complete: true })).toEqual({
      lines: 7,
      blank: 1,
      accepted: 2,
      referred: 1,
      refused: 3,
      unreadable: 1,
      why: {
        referred: { 'status-contested': 1 },
        refused: { 'binding-stale': 2, 'status-revoked': 1 },
        unreadable: { 'line-malformed': 1 },
      },
      forgotten: 0,
      seconds: 3.5,
      rate: 2,
      complete: true,
    }));
});

it.each([
  ['nothing at all', [], 0],
  ['accepted only', [accepted, accepted], 0],
  ['one referred', [accepted, referred], 2],
  ['one refused beside a referred one', [referred, stale], 1],
  ['one unreadable beside a referred one', [referred, unread], 1],
])('the exit code of %s', (_, lines, code) => expect(countsOf(...lines).exitCode).toBe(code));

describe('the progress', () => {
  const counts = countsOf(accepted, stale);
  it('tells the time left where the size is known', () =>
    expect(progressText(counts, 10, 1 / 31)).toBe(
      '2 lines, 0/s, 5 min 0 s left: 1 accepted, 0 referred, 1 refused, 0 unreadable',
    ));
  it('does not where it is not', () =>
    expect(progressText(counts, 1, undefined)).toBe(
      '2 lines, 2/s: 1 accepted, 0 referred, 1 refused, 0 unreadable',
    ));
});
