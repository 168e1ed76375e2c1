import { addHours, type Instant } from '@symbolon/protocol/instant';
import type { KeyUse, RegionKey } from '@symbolon/protocol/schemas/region';
import { signingOrder } from '@symbolon/registry/epochs';

const HOURS_A_COLUMN = 6;
const MARKS = { unknown: ' ', ahead: '-', reserve: '+', signs: '#', known: '.' } as const;

/** What a timeline shows of a region's keys: every key that was ever seen, and when it was first and last seen. */
export interface SeenKey {
  readonly key: RegionKey;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
}

/** One line a key, a column for six hours: published ahead, in reserve, signing, and known for what it signed. */
export function timeline(seen: readonly SeenKey[], use: KeyUse, from: Instant, to: Instant): string {
  const rows = seen.filter(({ key }) => key.use === use);
  const columns = Math.ceil((to - from) / (HOURS_A_COLUMN * 3600));
  const lines = rows.map((row) => {
    const marks = Array.from({ length: columns }, (_, i) =>
      markAt(row, rows, use, addHours(from, i * HOURS_A_COLUMN)),
    );
    return `  ${row.key.kid}  ${marks.join('')}`;
  });
  return [
    ...lines,
    `  ${' '.repeat(13)}${MARKS.ahead} published ahead  ${MARKS.reserve} in reserve  ${MARKS.signs} signs  ${MARKS.known} known for what it signed  (a column: ${HOURS_A_COLUMN} h)`,
  ].join('\n');
}

function markAt(row: SeenKey, rows: readonly SeenKey[], use: KeyUse, at: Instant): string {
  if (at < row.firstSeen || at > row.lastSeen) return MARKS.unknown;
  if (at < row.key.notBefore) return MARKS.ahead;
  const published = rows.filter(({ firstSeen }) => firstSeen <= at).map(({ key }) => key);
  const order = signingOrder(published, use, at);
  if (order[0]?.kid === row.key.kid) return MARKS.signs;
  return order.length > 1 && order.at(-1)?.kid === row.key.kid ? MARKS.reserve : MARKS.known;
}
