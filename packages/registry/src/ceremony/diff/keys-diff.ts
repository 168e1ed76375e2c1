import { formatInstant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { keysRoleOf } from '../../metadata/delegations.ts';
import { type KeysContent, keysContentOf } from '../content.ts';
import type { Overlay } from '../event/lay-over.ts';
import { changeLine, type DiffLine, shown } from './line.ts';

/** What a new `keys.json` does to a region's keys, in words. */
export function keysDiff({ published, next }: Overlay, region: string): readonly DiffLine[] {
  const before = published && keysContentOf(published, region);
  const after = keysContentOf(next, region);
  const old = new Map((before?.keys ?? []).map((key) => [key.kid, key]));
  const kids = new Set([...old.keys(), ...(after?.keys ?? []).map(({ kid }) => kid)]);
  const lines = [...kids].flatMap((kid) =>
    keyDiff(
      region,
      old.get(kid),
      after?.keys.find((key) => key.kid === kid),
    ),
  );
  return [...lines, ...stopLines(region, before, after)];
}

function keyDiff(
  region: string,
  before: RegionKey | undefined,
  after: RegionKey | undefined,
): readonly DiffLine[] {
  const [from, to] = [wordsOf(before), wordsOf(after)];
  if (from === to) return [];
  const subject = `key ${(after ?? before)?.kid} in keys.json`;
  return [changeLine(keysRoleOf(region), subject, { before: from, after: to })];
}

function wordsOf(key: RegionKey | undefined): string | undefined {
  if (key === undefined) return undefined;
  const { use, alg, notBefore, notAfter, revoked, jwk } = key;
  const life = `${use}, ${alg}, ${formatInstant(notBefore)} to ${formatInstant(notAfter)}, ${shown(jwk.x)}`;
  return revoked === undefined
    ? life
    : `${life}, revoked since ${formatInstant(revoked.since)} (${revoked.reason})`;
}

function stopLines(
  region: string,
  before: KeysContent | undefined,
  after: KeysContent | undefined,
): readonly DiffLine[] {
  if (after?.stopped !== true || before?.stopped === true) return [];
  return [{ role: keysRoleOf(region), mark: 'warning', subject: `${region} stops issuing` }];
}
