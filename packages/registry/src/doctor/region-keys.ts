import { HOUR_SECONDS, type Instant, instant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { EPOCH_USES, isLongLived } from '../epochs/plan-epochs.ts';
import type { RegionView } from '../registry-view/registry-view.ts';
import { endOf } from './expiries.ts';
import type { DoctorFinding } from './finding.ts';
import type { DoctorSettings } from './settings.ts';

/** The issuing and status keys of a region, and those that live long. A region without rules issues nothing, and needs none. Keys of other uses mean nothing here. */
export function examineRegionKeys(
  { region, keys, ruleSets }: RegionView,
  leadHours: number,
  now: Instant,
  settings: DoctorSettings,
): readonly DoctorFinding[] {
  const issues = Object.keys(ruleSets).length > 0;
  const epochs = EPOCH_USES.filter((use) => issues || keys.some((key) => key.use === use));
  const others = [...new Set(keys.map(({ use }) => use))].filter(isLongLived);
  return [
    ...epochs.flatMap((use) =>
      examineEpochs(
        `${region.region}.${use}`,
        keys.filter((key) => key.use === use),
        leadHours * HOUR_SECONDS,
        now,
        settings,
      ),
    ),
    ...others.flatMap((use) => {
      const last = lastEnd(unrevoked(keys.filter((key) => key.use === use)));
      return last === undefined ? [] : endOf(`${region.region}.${use}`, last, settings.longLivedKey, now);
    }),
  ];
}

function examineEpochs(
  place: string,
  all: readonly RegionKey[],
  leadSeconds: number,
  now: Instant,
  { successor }: DoctorSettings,
): readonly DoctorFinding[] {
  const keys = unrevoked(all);
  const until = signsUntil(keys, now);
  if (until === now) {
    if (isWaiting(all, leadSeconds, now, successor)) return [];
    const at = lastEnd(keys);
    return [{ code: 'ended', severity: 'fail', place, ...(at !== undefined && at <= now && { at }) }];
  }
  // REQ-DOC-004: the next key must be known to every verifier by the time that the last one ends.
  const latest = instant(Math.max(until - leadSeconds, 0));
  if (now >= latest) return [{ code: 'successor-missing', severity: 'fail', place, at: until }];
  const living = keys.filter(({ notAfter }) => notAfter > now);
  const late = now >= latest - successor;
  return late || living.length < 2
    ? [{ code: 'successor-missing', severity: 'warn', place, at: latest }]
    : [];
}

/** A region that was just added: its first key waits until every verifier knows it. */
function isWaiting(keys: readonly RegionKey[], leadSeconds: number, now: Instant, slack: number): boolean {
  const starts = keys.map(({ notBefore }) => notBefore);
  return starts.length > 0 && Math.min(...starts) > now && Math.min(...starts) <= now + leadSeconds + slack;
}

/** Until when the region can sign without a break, from now on. `now` itself, when it cannot. */
function signsUntil(keys: readonly RegionKey[], now: Instant): Instant {
  let until = now;
  for (const { notBefore, notAfter } of keys.toSorted((a, b) => a.notBefore - b.notBefore)) {
    if (notBefore <= until && notAfter > until) until = notAfter;
  }
  return until;
}

function unrevoked(keys: readonly RegionKey[]): readonly RegionKey[] {
  return keys.filter(({ revoked }) => revoked === undefined);
}

function lastEnd(keys: readonly RegionKey[]): Instant | undefined {
  return keys.length === 0 ? undefined : instant(Math.max(...keys.map(({ notAfter }) => notAfter)));
}
