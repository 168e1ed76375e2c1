import { stripVTControlCharacters } from 'node:util';
import { logTrust } from '@symbolon/log/checkpoint';
import { checkReceipt } from '@symbolon/log/receipt';
import { parseInstant } from '@symbolon/protocol/instant';
import { expect, it } from 'vitest';
import { type Decided, loggedDecisions } from '../testing/logged-decisions.ts';
import { receiptLines } from './receipt-text.ts';

const NOW = parseInstant('2026-11-21T21:12:34Z');
const RED: Decided = {
  ...{ region: 'CN-BJ', scheme: 'health', level: 'red', rule: 'confirmed@1', authority: 'cdc' },
  ...{ decidedAt: NOW, mode: 'manual', approvers: ['AAAAAAAAAAA', 'BBBBBBBBBBA'], sequence: 3 },
};

async function told(decision: Decided, by: 'log' | 'witnesses', threshold = 2): Promise<string> {
  const log = await loggedDecisions('log.example/cn-bj', NOW);
  const trust = logTrust(log.place, { ...log.witnesses, threshold });
  const lines = receiptLines(await checkReceipt(await log.receipt(decision, by), trust, false), trust);
  return stripVTControlCharacters(lines.join('\n'));
}

it('a receipt in words says who decided what, when and how, and who has seen it', async () => {
  expect(await told(RED, 'witnesses')).toBe(`health: red, in CN-BJ
  decided    2026-11-21T21:12:34Z, by hand
  by         rule confirmed@1 and the office cdc
  approved   by keys AAAAAAAAAAA and BBBBBBBBBBA
  rests on   laboratory
  sequence   number 3, after 2 earlier of this scheme about this person
  log        log.example/cn-bj, entry 0 of 1; its public leaf says the hour 2026-11-21T21:00:00Z
  witnesses  2 of 3 witnesses saw it
             witness.example/0 at 2026-11-21T21:12:34Z
             witness.example/1 at 2026-11-21T21:12:34Z
  proves     that this decision is in the public log, and went into it with exactly these details
  does not   prove that the facts behind it are true, or that there is no other decision; it names nobody`);
});

it('and when witnesses are too few, or none', async () => {
  expect(await told(RED, 'witnesses', 3)).toContain('2 of 3 witnesses saw it: too few, as 3 are needed\n');
  const { approvers: _, ...rest } = RED;
  const alone = await told({ ...rest, mode: 'automatic', sequence: 1 }, 'log');
  expect(alone).toContain('witnesses  none: signed by the log only\n');
  expect(alone).toContain('sequence   the first one of this scheme about this person\n');
  expect(alone).not.toContain('approved');
});
