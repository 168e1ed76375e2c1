import type { LeafSource, PlacedLeaf, Waiting } from '@symbolon/log/leaf-source';
import { own } from '@symbolon/protocol/own';
import { check } from '@symbolon/protocol/schemas/common';
import type { Json } from '@symbolon/protocol/strict-json';
import { concurrently } from '@symbolon/registry/concurrently';
import * as z from 'zod/mini';

const AnyJson = z.custom<Json>((value) => value !== undefined);
const Memory = z.record(z.string(), AnyJson);
const Note = z.strictObject({ region: z.string(), note: AnyJson });

/** What a region has for a round, and how much it was asked for. */
interface Share {
  readonly region: string;
  readonly source: LeafSource;
  readonly asked: number;
  readonly found: Waiting | undefined;
}

/**
 * One source of several regions that log in one place: a region and small ones below it. Each has its share of a round, and what is left over those get that have more.
 *
 * A region whose leaves cannot be read is left out of the round, and its memory stays. One whose leaves are in the log and cannot be settled, as its table is away or it does not log here any
 * more, keeps nobody else waiting: it is left out until they are.
 *
 * @param tell is told which region was left out, and why
 */
export function joinSources(
  sources: ReadonlyMap<string, LeafSource>,
  tell: (region: string, error: unknown) => void,
): LeafSource {
  const settleSome = async (placed: readonly PlacedLeaf[]) => {
    const byRegion = Map.groupBy(placed, (each) => regionOf(each));
    const left = await concurrently([...byRegion], async ([region, leaves]) => {
      try {
        await sourceOf(sources, region).settle(leaves.map(noteOf));
        return [];
      } catch (error) {
        tell(region, error);
        return leaves;
      }
    });
    return left.flat();
  };
  return {
    pending: async (limit, memory, unsettled = []) => {
      const before = memory === null ? {} : check(Memory, memory, 'log-damaged');
      // In the queue of such a region may be what is in the log already.
      const out = new Set(unsettled.map(regionOf));
      const asked = [...sources].filter(([region]) => !out.has(region));
      const shares = await concurrently(
        [...asked.entries()],
        async ([i, [region, source]]): Promise<Share> => {
          const share = Math.floor(limit / asked.length) + (i < limit % asked.length ? 1 : 0);
          return {
            region,
            source,
            asked: share,
            found: await pendingOf(region, source, share, before, tell),
          };
        },
      );
      const filled = await fillUp(shares, limit, before);
      const after: Record<string, Json> = { ...before };
      const leaves = filled.flatMap(({ region, found }) => {
        if (found !== undefined && found.memory !== null) after[region] = found.memory;
        return (found?.leaves ?? []).map(({ leaf, note }) => ({ leaf, note: { region, note } }));
      });
      return { leaves, memory: leaves.length === 0 ? memory : after };
    },
    settle: async (placed) => {
      const byRegion = Map.groupBy(placed, (each) => regionOf(each));
      for (const [region, leaves] of byRegion) await sourceOf(sources, region).settle(leaves.map(noteOf));
    },
    settleSome,
  };
}

/** What others have left of the round, for those that filled their share. */
async function fillUp(
  shares: readonly Share[],
  limit: number,
  memory: Readonly<Record<string, Json>>,
): Promise<readonly Share[]> {
  let left = limit - shares.reduce((sum, { found }) => sum + (found?.leaves.length ?? 0), 0);
  const hasMore = ({ asked, found }: Share) => found !== undefined && found.leaves.length >= asked;
  let takers = shares.filter(hasMore).length;
  const filled: Share[] = [];
  for (const share of shares) {
    if (!hasMore(share) || left === 0) {
      filled.push(share);
      continue;
    }
    const { region, source, found: first } = share;
    const asked = share.asked + Math.ceil(left / takers--);
    // What it said first stands, should it not answer now.
    const found = (await pendingOf(region, source, asked, memory, () => undefined)) ?? first;
    left -= (found?.leaves.length ?? 0) - (first?.leaves.length ?? 0);
    filled.push({ ...share, asked, found });
  }
  return filled;
}

async function pendingOf(
  region: string,
  source: LeafSource,
  limit: number,
  memory: Readonly<Record<string, Json>>,
  tell: (region: string, error: unknown) => void,
): Promise<Waiting | undefined> {
  if (limit === 0) return { leaves: [], memory: null };
  try {
    return await source.pending(limit, own(memory, region) ?? null);
  } catch (error) {
    tell(region, error);
    return undefined;
  }
}

function regionOf({ note }: PlacedLeaf): string {
  return check(Note, note, 'log-damaged').region;
}

function noteOf({ index, note }: PlacedLeaf): PlacedLeaf {
  return { index, note: check(Note, note, 'log-damaged').note };
}

function sourceOf(sources: ReadonlyMap<string, LeafSource>, region: string): LeafSource {
  const source = sources.get(region);
  if (source === undefined) throw new TypeError('a round has leaves of a region that is not here');
  return source;
}
