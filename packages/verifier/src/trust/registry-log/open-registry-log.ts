import { logTrust } from '@symbolon/log/checkpoint';
import type { Bytes } from '@symbolon/protocol/bytes';
import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { type Instant, instant } from '@symbolon/protocol/instant';
import type { LogPlace } from '@symbolon/protocol/schemas/log';
import type { LogAnchor } from '@symbolon/registry/client-state';
import type { Introductions } from '@symbolon/registry/introductions';
import type { RegistryView } from '@symbolon/registry/registry-view';
import {
  type Anchor,
  anchorState,
  anchorsOf,
  openWitnessed,
  publicSince,
  type WitnessedTree,
} from './anchors.ts';
import { introductionsIn, type Publication } from './introduced.ts';
import { readLogFile } from './log-file.ts';
import { type ProvenLeaf, provenLeaves } from './proven-leaves.ts';
import { checkSeenAnchor } from './seen-anchor.ts';

/**
 * What a bundle shows of its registry and the log of all publications. `proven`: this version is in it. `unproven`: the newest tree is the log's, and this version
 * is not shown to be in it. `invalid`: nothing is shown, and why not.
 */
export type RegistryLog =
  | { readonly is: 'proven' | 'unproven'; readonly witnessedAt: Instant }
  | { readonly is: 'invalid'; readonly reason: Code };

export interface OpenedRegistryLog {
  readonly log: RegistryLog;
  /** Nothing where the log is invalid. */
  readonly introductions: Introductions | undefined;
  /** To keep, in place of the one that was given. */
  readonly anchor: LogAnchor | undefined;
}

/**
 * Checks what a bundle says of the registry's log (protocol, section 4). Signatures that decide nothing are not looked at: of the anchors, those are verified
 * that bound a time, and the newest, if it is new here.
 *
 * @param file `log/registry.json`
 * @param seen what the client has seen of the log
 * @param now cosignatures later than that are not counted
 * @returns nothing where the federation names no log
 * @throws SymbolonError `log-fork` only: the log is not the one that this client has seen
 */
export async function openRegistryLog(
  registry: RegistryView,
  file: Bytes | undefined,
  seen: LogAnchor | undefined,
  now: Instant,
): Promise<OpenedRegistryLog | undefined> {
  const { log: place } = registry.federation;
  if (place === undefined) return undefined;
  try {
    if (file === undefined) throw new SymbolonError('log-missing');
    return await openFile(registry, place, file, seen, now);
  } catch (error) {
    if (!isSymbolonError(error) || error.code === 'log-fork') throw error;
    return { log: { is: 'invalid', reason: error.code }, introductions: undefined, anchor: seen };
  }
}

async function openFile(
  registry: RegistryView,
  place: LogPlace,
  bytes: Bytes,
  seen: LogAnchor | undefined,
  now: Instant,
): Promise<OpenedRegistryLog> {
  const file = readLogFile(bytes);
  const trust = logTrust(place, registry.federation.witnesses);
  const newest = await openWitnessed(file.checkpoint, trust, now);
  const leaves = provenLeaves(file, newest.checkpoint);
  const anchors = anchorsOf(file, newest, trust, now);
  if (seen !== undefined) await checkSeenAnchor(seen, anchors, newest);

  const publications = await Promise.all(
    leaves.map((leaf) => publicationOf(leaf, registry.version, anchors, newest)),
  );
  const here = publications.filter(({ leaf }) => leaf.version === registry.version);
  // Of one version there is one file.
  if (here.some(({ leaf }) => leaf.sha256 !== registry.snapshotSha256))
    throw new SymbolonError('registry-unlogged');
  // What later ones brought is not in this registry, or was there before and is put back by them.
  const past = publications.filter(({ leaf }) => leaf.version <= registry.version);
  return {
    log: { is: here.length === 0 ? 'unproven' : 'proven', witnessedAt: newest.witnessedAt },
    introductions: introductionsIn(past, here[0]?.since ?? publishedAt(registry)),
    anchor: await newestAnchor(seen, anchors, place.origin),
  };
}

async function publicationOf(
  { index, leaf }: ProvenLeaf,
  version: number,
  anchors: readonly Anchor[],
  newest: WitnessedTree,
): Promise<Publication> {
  // A time is asked for where a lead is: also of this version, as it may have what no leaf introduces.
  const isTimed = leaf.version === version || (!leaf.first && leaf.items.length > 0);
  if (!isTimed) return { leaf, since: leaf.at };
  return { leaf, since: await publicSince(index, leaf.at, anchors, newest) };
}

/** REQ-LOG-008: what was seen is moved forward only. */
async function newestAnchor(
  seen: LogAnchor | undefined,
  anchors: readonly Anchor[],
  origin: LogPlace['origin'],
): Promise<LogAnchor | undefined> {
  const anchor = anchors.at(-1);
  if (anchor === undefined) return seen;
  if (seen?.origin === origin && anchor.parsed.size <= seen.size) return seen;
  return anchorState(await anchor.open());
}

/** The word of the online roles: no later than when they signed, and without a word from the beginning. */
export function publishedAt({ publishedAt: at, signedAt }: Pick<RegistryView, 'publishedAt' | 'signedAt'>) {
  return instant(at === undefined ? 0 : Math.min(at, signedAt));
}
