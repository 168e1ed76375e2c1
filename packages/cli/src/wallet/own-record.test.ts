import { expect, it } from 'vitest';
import { recordLines } from './own-record.ts';

const RECORD = {
  subject: 'QeLckoKnU43Cc5OJMjNAqw',
  facts: [
    {
      scheme: 'health',
      id: 'lab-1',
      source: 'lab',
      type: 'pcr',
      at: '2026-09-06T20:15:00Z',
      fields: { result: 'positive' },
      receivedAt: '2026-09-07T01:00:00Z',
      expiresAt: '2026-09-20T20:15:00Z',
      retractedAt: '2026-09-07T02:00:00Z',
    },
  ],
  entries: [
    {
      at: '2026-09-07T03:00:00Z',
      kind: 'facts-read',
      by: { kid: 'fCwT1z0APWY', authority: 'cdc' },
      // What an operator typed is shown to someone else's terminal.
      reason: 'asked at the desk\u001b[2J',
      about: 'health',
    },
    { at: '2026-09-07T00:00:00Z', kind: 'enrolled', by: null, reason: null, about: null },
  ],
  decisions: [
    {
      scheme: 'health',
      sequence: 2,
      level: 'red',
      rule: 'close-contact-7d@1',
      authority: 'cdc',
      evidence: 'contact-tracing',
      mode: 'manual',
      decidedAt: '2026-09-07T04:00:00Z',
      until: '2026-09-14T04:00:00Z',
      approvers: ['fCwT1z0APWY', 'Zk2xTx0APWY'],
    },
  ],
};

it('a holder reads who said what, who decided, and who has read it, when and why', () => {
  const text = recordLines(RECORD).join('\n');
  expect(text).toContain(
    '2026-09-06T20:15:00Z  health, pcr: result positive  (by lab as lab-1; taken back 2026-09-07T02:00:00Z)',
  );
  expect(text).toContain('facts-read (health) by fCwT1z0APWY (cdc): asked at the desk\ufffd[2J');
  expect(text).toContain(
    'health #2: red, rule close-contact-7d@1, cdc, contact-tracing, manual by fCwT1z0APWY and Zk2xTx0APWY',
  );
  expect(text).not.toContain('\u001b[2J');
  expect(recordLines({ ...RECORD, facts: [] }).join('\n')).toMatch(/Facts.*\n {2}none/);
});

it('a status that has ended is told as none', () => {
  const decisions = RECORD.decisions.map((each) => ({ ...each, mode: 'ended', until: null, approvers: [] }));
  expect(recordLines({ ...RECORD, decisions }).join('\n')).toContain(
    'health #2: no status any more; red by rule close-contact-7d@1 has ended',
  );
});
