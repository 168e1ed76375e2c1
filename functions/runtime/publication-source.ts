import type { Publication } from '@symbolon/issuer/publication';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { parentRegion } from '@symbolon/protocol/ids';
import { addHours, addSeconds, type Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { RegistryView } from '@symbolon/registry/registry-view';
import type { Log } from './log.ts';
import { type ReadCopy, registryReader } from './registry-reader.ts';

/** How long what was read from the registry is used without asking again, in seconds. */
const FRESH_SECONDS = 60;

export interface PublicationSettings {
  readonly REGION: string;
  readonly REGISTRY_URL: string;
  readonly ROOT_SHA256: string;
}

/** The newest publication that was verified. */
interface Known {
  readonly publication: Publication;
  readonly from: 'hub' | 'copy';
  readonly signedAt: Instant;
  /** From then on no verifier accepts anything by a registry of that age. */
  readonly blockedFrom: Instant;
  readonly regionExpires: Instant;
}

/**
 * What this region has published, verified against the pinned root like any verifier does. A warm function asks the hub at most once a minute.
 *
 * REQ-REG-009: a hub that is silent stops nobody. The function goes on by the newest registry that it knows, from memory or from the region's own copy, which
 * a cold start reads first; its region's own files may have expired meanwhile, as verifiers grade that. REQ-ISS-026: it ends when no verifier would accept a
 * registry of that age.
 *
 * @param readCopy left out, a cold start needs the hub
 * @throws SymbolonError (on use) `registry-too-old`, `root-mismatch`, `metadata-...`, `region-malformed`, `region-expired`, `rule-mutated`
 */
export function publicationSource(
  settings: PublicationSettings,
  log: Log,
  readCopy?: ReadCopy,
): (now: Instant) => Promise<Publication> {
  const { REGION: region, REGISTRY_URL: registryUrl, ROOT_SHA256: rootSha256 } = settings;
  const registry = registryReader({ registryUrl, rootSha256, readCopy, log });
  let known: Known | undefined;
  let nextTry = 0;

  const recall = async (now: Instant) => {
    const view = await registry.fromCopy(now);
    if (view === undefined) return;
    // What is newer counts, also when it says that the region cannot be used.
    known = undefined;
    try {
      known = knownFrom(view, region, 'copy');
    } catch (error) {
      if (!isSymbolonError(error)) throw error;
      log('registry.copy-unusable', { code: error.code });
    }
  };
  const goOn = async (absence: SymbolonError, now: Instant): Promise<Publication> => {
    await recall(now);
    if (known === undefined) throw absence;
    const { publication, from, signedAt, blockedFrom, regionExpires } = known;
    const [code, seconds] = [absence.code, now - signedAt];
    if (now >= blockedFrom) {
      log('registry.too-old', { code, seconds });
      throw new SymbolonError('registry-too-old', { cause: absence });
    }
    log('registry.absent', { code, seconds, from, regionExpired: now >= regionExpires });
    return publication;
  };
  const ask = async (now: Instant): Promise<Publication> => {
    if (known === undefined) await recall(now);
    const view = await registry.fromHub(now).catch((error: unknown) => {
      if (isAbsence(error)) return error;
      throw error;
    });
    if (isSymbolonError(view)) return goOn(view, now);
    known = undefined;
    known = knownFrom(view, region, 'hub');
    return known.publication;
  };

  return async (now) => {
    if (known !== undefined && now < nextTry) return known.publication;
    // Whatever fails is tried again by the next request.
    nextTry = 0;
    const publication = await ask(now);
    nextTry = addSeconds(now, FRESH_SECONDS);
    return publication;
  };
}

/**
 * The hub says nothing, or nothing that is newer than what is known, which is another thing than saying something wrong. Whoever can make it so could block it
 * as well.
 */
const ABSENCES: readonly string[] = [
  'metadata-unreachable',
  'metadata-missing',
  'metadata-expired',
  'metadata-rollback',
];

function isAbsence(error: unknown): error is SymbolonError {
  return isSymbolonError(error) && ABSENCES.includes(error.code);
}

/** Where a region's decisions are logged: the log of the nearest region, from itself upwards, that has one. */
function logOf(view: RegistryView, region: string | undefined): Publication['log'] {
  if (region === undefined) return undefined;
  if (own(view.malformedRegions, region) !== undefined) return 'unknown';
  return own(view.regions, region)?.region.log ?? logOf(view, parentRegion(region));
}

function knownFrom(view: RegistryView, region: string, from: Known['from']): Known {
  const published = own(view.regions, region);
  if (published === undefined)
    throw new SymbolonError(own(view.malformedRegions, region) ?? 'region-malformed');
  const { signedAt, federation, schemes } = view;
  const parent = parentRegion(region);
  return {
    publication: {
      region: published.region,
      keys: published.keys,
      ruleSets: published.ruleSets,
      placeLists: published.placeLists,
      schemes,
      federation,
      // REQ-REG-019: a parent that cannot be used stops nobody below it. What takes its word takes the federation's then.
      parent: parent === undefined ? undefined : own(view.regions, parent)?.region,
      log: logOf(view, region),
    },
    from,
    signedAt,
    blockedFrom: addHours(signedAt, federation.freshness.blockAfterHours),
    regionExpires: published.expires,
  };
}
