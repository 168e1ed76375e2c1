import { logTrust } from '@symbolon/log/checkpoint';
import { encodeLeaf } from '@symbolon/log/leaf';
import { addHours } from '@symbolon/protocol/instant';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AuditWorld, auditWorld, dayAfter, FOUNDED } from '../../../../test/support/audit-world.ts';
import { collectFindings } from '../findings.ts';
import { BOOK_BOUNDS } from './leaf-book.ts';
import { newState } from './log-state.ts';
import { openLog } from './open-log.ts';
import { formatState, parseState } from './stored-state.ts';
import { walkLog } from './walk-log.ts';

describe('leaves that are no decisions', () => {
  const now = dayAfter(FOUNDED, 3);
  let log: AuditWorld['registry'];
  beforeAll(async () => {
    const { registry, logPublications, publish } = await auditWorld();
    log = registry;
    for (const hour of [0, 1, 2]) {
      await publish(addHours(now, hour - 3), {});
      await logPublications(now);
    }
  });

  const walked = async (others: { leaves: number; bytes: number }) => {
    const read = (path: string) => log.store.read(path);
    const findings = collectFindings();
    const before = newState(log.place.origin);
    const opened = await openLog(read, logTrust(log.place, undefined), before, findings, now);
    if (opened === undefined || 'notes' in opened) throw new TypeError('no log');
    return walkLog(read, opened, before, findings, {
      now,
      isStopped: () => false,
      onProgress: () => undefined,
      keep: async () => undefined,
      clock: () => 0,
      bounds: { ...BOOK_BOUNDS, others },
    });
  };

  it('are held up to a bound; what is beyond is counted, and remembered', async () => {
    const { state, isWhole } = await walked({ leaves: 2, bytes: 1_000_000 });
    expect(isWhole).toBe(true);
    expect(state.others.map(({ index }) => index)).toEqual([0, 1]);
    expect(state.unheld).toBeGreaterThan(0);
    expect(parseState(formatState(state), log.place.origin)).toEqual(state);
  });

  it('are held up to a bound of bytes; after the first that does not fit none is, so that nothing seems to be missing in between', async () => {
    const all = (await walked({ leaves: 100, bytes: 1_000_000 })).state;
    const sizes = all.others.map(({ leaf }) => encodeLeaf(leaf).length);
    const [first = 0, second = 0, third = 0] = sizes;
    expect(second).toBeLessThan(first);
    const { state } = await walked({ leaves: 100, bytes: first + second + third - 1 });
    expect(state.others.map(({ index }) => index)).toEqual([0, 1]);
    expect(state.unheld).toBe(sizes.length - 2);
    expect((await walked({ leaves: 100, bytes: first - 1 })).state.unheld).toBe(sizes.length);
  });
});
