import { joinSources } from '@symbolon/issuer/join-sources';
import type { Publication } from '@symbolon/issuer/publication';
import { regionLeaves } from '@symbolon/issuer/region-leaves';
import { logTrust } from '@symbolon/log/checkpoint';
import type { LeafSource } from '@symbolon/log/leaf-source';
import { NOTE_TYPE, type NoteKey, noteKey } from '@symbolon/log/note-key';
import { runRound } from '@symbolon/log/sequencer';
import { gatherCosignatures } from '@symbolon/log/witness-client';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { LogPlace } from '@symbolon/protocol/schemas/log';
import { codeOf } from '../runtime/code-of.ts';
import type { LoggedRegion, LogSequence } from './dependencies.ts';
import { newRun, type Run } from './run.ts';
import { settleAll } from './settle.ts';

/** What a round did, and how the log stands after it. */
export interface RoundReport {
  /** Of the tree that the log has signed. */
  readonly size: number;
  readonly added: number;
  /** Of the newest tree that enough witnesses have seen. */
  readonly witnessed: number;
  /** Witnesses that have seen the newest one. */
  readonly cosigned: number;
  readonly silent: readonly string[];
  /** Decisions that took effect now, as witnesses have seen them. */
  readonly settled: number;
  /** What went wrong beside that, and somebody must see: a round that was done is told all the same. */
  readonly failures: readonly unknown[];
}

/**
 * One round of a region's log: what waits goes in, witnesses are asked, and what they have seen takes effect. Witnesses that are silent keep nothing from going in: worse
 * decisions wait for them, and all others have their effect by the log's own signature.
 *
 * @throws SymbolonError `configuration-malformed` when the registry names no log of the region, or not by this key; what `runRound`, `gatherCosignatures`, the registry and the stores throw
 */
export async function logRound(
  world: LogSequence,
  now: Instant,
  run: Run = newRun(world),
): Promise<RoundReport> {
  const publication = await world.own.publication(now);
  const place = placeOf(publication);
  const key = keyOf(world, place);
  const trust = logTrust(place, publication.federation.witnesses);
  const unsettled: unknown[] = [];
  const source = joinSources(sourcesOf(world, publication, place.origin, now), (region, error) => {
    world.log('log.region-left-out', {
      region,
      code: codeOf(error),
    });
    unsettled.push(error);
  });
  const witnesses = world.witnessesOf(publication.federation.witnesses);
  const { stores, signer } = world;
  const seenByOthers = () => run.seen(witnesses, trust);
  const { size, added } = await runRound({ stores, key, signer, source, seenByOthers });
  const witnessing = { store: stores.public, trust, witnesses, run: run.witnesses };
  const { size: witnessed, cosigned, silent } = await gatherCosignatures(witnessing, now);
  const { settled, failures } =
    witnessed === 0 ? { settled: 0, failures: [] } : await settleAll(world, run, trust, witnessed, now);
  return { size, added, witnessed, cosigned, silent, settled, failures: [...unsettled, ...failures] };
}

function placeOf({ region: { log } }: Publication): LogPlace {
  if (log === undefined) throw new SymbolonError('configuration-malformed', { path: 'REGION' });
  return log;
}

/** A checkpoint that nobody could verify must not be made. */
function keyOf({ signer }: LogSequence, { origin, keys }: LogPlace): NoteKey {
  const listed = keys.find(({ kid }) => kid === signer.kid);
  if (listed === undefined) throw new SymbolonError('configuration-malformed', { path: 'LOG_KEY' });
  return noteKey(origin, NOTE_TYPE.log, listed.jwk);
}

/** By region. One of which the registry does not tell now has nothing for this round; what it had in the last one can be settled all the same. */
function sourcesOf(
  { own, below, random, log }: LogSequence,
  publication: Publication,
  origin: string,
  now: Instant,
): ReadonlyMap<string, LeafSource> {
  const sourceOf = ({ region, stores, publication: published }: LoggedRegion): LeafSource => {
    const tellGone = (index: number) => log('log.decision-gone', { region, index });
    const by = (of: Publication) => regionLeaves({ ...stores, random, origin, tellGone }, of, now);
    return {
      pending: async (limit, memory) => by(await published(now)).pending(limit, memory),
      settle: (placed) => by(publication).settle(placed),
    };
  };
  return new Map([own, ...below].map((region) => [region.region, sourceOf(region)]));
}
