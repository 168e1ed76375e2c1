import { logTrust } from '@symbolon/log/checkpoint';
import { addHours } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { auditWorld, dayAfter, FOUNDED } from '../../../../../test/support/audit-world.ts';
import { collectFindings } from '../findings.ts';
import { formatState, newState, parseState } from './log-state.ts';
import { openLog } from './open-log.ts';
import { walkLog } from './walk-log.ts';

describe('leaves that are no decisions', () => {
  it('are held up to a bound; what is beyond is counted, and remembered', async () => {
    const now = dayAfter(FOUNDED, 3);
    const { registry, logPublications, publish } = await auditWorld();
    for (const hour of [0, 1, 2]) {
      await publish(addHours(now, hour - 3), {});
      await logPublications(now);
    }
    const read = (path: string) => registry.store.read(path);
    const findings = collectFindings();
    const before = newState(registry.place.origin);
    const opened = await openLog(read, logTrust(registry.place, undefined), before, findings, now);
    if (opened === undefined || 'notes' in opened) throw new TypeError('no log');
    const { state, isWhole } = await walkLog(read, opened, before, findings, {
      now,
      isStopped: () => false,
      onProgress: () => undefined,
      keep: async () => undefined,
      clock: () => 0,
      mostOthers: 2,
    });
    expect(isWhole).toBe(true);
    expect(state.others.map(({ index }) => index)).toEqual([0, 1]);
    expect(state.unheld).toBe(1);
    expect(parseState(formatState(state), registry.place.origin)).toEqual(state);
  });
});
