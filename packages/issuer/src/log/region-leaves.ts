import { encodeLeaf } from '@symbolon/log/leaf';
import type { LeafSource, PlacedLeaf, Waiting, WaitingLeaf } from '@symbolon/log/leaf-source';
import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { RandomBytes } from '@symbolon/protocol/random';
import { check } from '@symbolon/protocol/schemas/common';
import type { Json } from '@symbolon/protocol/strict-json';
import { concurrently } from '@symbolon/registry/concurrently';
import * as z from 'zod/mini';
import { isWorse } from '../decisions/worse.ts';
import { shuffled } from '../lists/shuffled.ts';
import type { BurstStore, DecisionStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { burstLeaves } from './burst-leaves.ts';
import { ClassCounts, classCounter } from './class-counts.ts';
import { decisionLeaves } from './decision-leaves.ts';
import { publishedLeaves } from './publication-leaves.ts';

export interface LeafPorts {
  readonly decisions: DecisionStore;
  readonly bursts: BurstStore;
  readonly random: RandomBytes;
  /** Of the log that the leaves go to. */
  readonly origin: string;
  /** Is told the index of a leaf whose decision is not in the table any more. */
  readonly tellGone?: (index: number) => void;
}

/** What the source remembers between rounds. */
const Memory = z.strictObject({
  /** What the region has published that has a leaf. */
  published: z.array(z.string()),
  classes: ClassCounts,
});
const NOTHING: z.output<typeof Memory> = { published: [], classes: {} };

/** What the source needs to know of a leaf again. `worse`: whether it waits for witnesses. */
const LeafNote = z.discriminatedUnion('of', [
  z.strictObject({
    of: z.literal('decision'),
    subject: z.string(),
    scheme: z.string(),
    sequence: z.int(),
    salt: z.string(),
    worse: z.boolean(),
  }),
  z.strictObject({
    of: z.literal('burst'),
    burst: z.string(),
    state: z.enum(['held', 'released', 'lapsed']),
  }),
  z.strictObject({ of: z.literal('publication') }),
]);
type LeafNote = z.output<typeof LeafNote>;

/**
 * The leaves of one region: its bursts, the keys and rules that it has published, its decisions. What the registry does not have any more, a scheme or a rule, keeps no decision out of
 * the log.
 *
 * Bursts come first, so that whatever waits they are in the next round. Decisions of a round are in random order: it says nothing of who was decided first.
 *
 * @param publication as it is now; make a new source for a newer one
 */
export function regionLeaves(ports: LeafPorts, publication: Publication, now: Instant): LeafSource {
  return {
    pending: (limit, memory) => pendingLeaves(ports, publication, limit, memory, now),
    settle: (placed) => settleLeaves(ports, placed),
  };
}

async function pendingLeaves(
  ports: LeafPorts,
  publication: Publication,
  limit: number,
  memory: Json,
  now: Instant,
): Promise<Waiting> {
  // Its decisions have their leaves there. Here they would come and go between the two.
  if (isElsewhere(publication, ports.origin)) return { leaves: [], memory };
  const before = memory === null ? NOTHING : check(Memory, memory, 'log-damaged');
  const bursts = (await waitingBursts(ports, publication, limit)).slice(0, limit);
  const known = new Set(before.published);
  const published = publishedLeaves(publication, now)
    .filter(({ name }) => !known.has(name))
    .slice(0, limit - bursts.length);
  const counter = classCounter(before.classes, publication.federation.smallestClass);
  const decisions = await decisionLeaves(
    ports,
    publication.region.region,
    counter,
    limit - bursts.length - published.length,
  );
  const leaves = [
    ...bursts,
    ...published.map(({ leaf }) => waiting(leaf, { of: 'publication' })),
    ...shuffled(decisions, ports.random).map(({ decision, leaf, salt }) => {
      const { subject, scheme, sequence } = decision;
      const worse = isWorse(own(publication.schemes, scheme), decision);
      return waiting(leaf, { of: 'decision', subject, scheme, sequence, salt, worse });
    }),
  ];
  // An idle round writes nothing, so it must not remember anything new.
  if (leaves.length === 0) return { leaves, memory };
  const names = [...before.published, ...published.map(({ name }) => name)];
  return { leaves, memory: { published: names, classes: counter.kept(now) } };
}

/** Whether the registry says that the region logs in another place by now. */
function isElsewhere({ log }: Publication, origin: string): boolean {
  return log !== undefined && log !== 'unknown' && log.origin !== origin;
}

async function waitingBursts(
  { bursts }: LeafPorts,
  { region: { region } }: Publication,
  limit: number,
): Promise<readonly WaitingLeaf[]> {
  const found = await concurrently(await bursts.unlogged(limit), async ({ id }) => {
    // A hint, so both are read: the mark before the state, which moves on only.
    const logged = await bursts.loggedState(id);
    const burst = await bursts.find(id);
    const leaves = burst === undefined ? [] : burstLeaves(region, burst, logged);
    return leaves.map((leaf) => waiting(leaf, { of: 'burst', burst: id, state: leaf.state }));
  });
  return found.flat();
}

async function settleLeaves(
  { decisions, bursts, origin, tellGone }: LeafPorts,
  placed: readonly PlacedLeaf[],
): Promise<void> {
  const read = placed.map(({ index, note }) => ({ index, note: check(LeafNote, note, 'log-damaged') }));
  await concurrently(read, async ({ index, note }) => {
    if (note.of !== 'decision') return;
    const { salt, worse, of: _, ...ref } = note;
    try {
      await decisions.markLogged(ref, { origin, index, salt }, worse);
    } catch (error) {
      // What is gone cannot be marked, ever: the others must not wait for it.
      if ((await decisions.find(ref)) !== undefined) throw error;
      tellGone?.(index);
    }
  });
  // One after the other: of two states of one burst the later one comes later.
  for (const { note } of read) if (note.of === 'burst') await bursts.markLogged(note.burst, note.state);
}

function waiting(leaf: Parameters<typeof encodeLeaf>[0], note: LeafNote): WaitingLeaf {
  return { leaf: encodeLeaf(leaf), note };
}
