import type { Publication } from '@symbolon/issuer/publication';
import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { DAY_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { ClientState } from '@symbolon/registry/client-state';
import { httpRepository } from '@symbolon/registry/http-repository';
import { refresh } from '@symbolon/registry/refresh';
import type { RegistryView } from '@symbolon/registry/registry-view';
import type { Cache } from '@symbolon/registry/updater-ports';

import type { Log } from './log.ts';
import { pinnedRootIn } from './pinned-root.ts';

/** How long what was read from the registry is used without asking again, in seconds. */
const FRESH_SECONDS = 60;
/** How long a region goes on issuing by what it last read while the registry is silent: a hub that is down stops nobody (REQ-REG-009). */
const GO_ON_SECONDS = 2 * DAY_SECONDS;

export interface PublicationSettings {
  readonly REGION: string;
  readonly REGISTRY_URL: string;
  readonly ROOT_SHA256: string;
}

/**
 * What this region has published, verified against the pinned root like any verifier does. A warm function asks the registry at most once a
 * minute, and an unchanged registry costs two small requests.
 *
 * @throws SymbolonError (on use) `root-mismatch`, `metadata-...`, `region-malformed`
 */
export function publicationSource(
  settings: PublicationSettings,
  log: Log,
): (now: Instant) => Promise<Publication> {
  const repository = httpRepository({ baseUrl: settings.REGISTRY_URL });
  const cache = memoryCache();
  let pinnedRoot: Bytes | undefined;
  let state: ClientState | undefined;
  let known: { readonly at: Instant; readonly publication: Publication } | undefined;
  let nextTry = 0;

  const ask = async (now: Instant): Promise<Publication> => {
    pinnedRoot ??= await pinnedRootIn(
      (path, { maxBytes }) => repository.fetch(path, maxBytes),
      settings.ROOT_SHA256,
    );
    const opened = await refresh({ repository, cache, pinnedRoot, state, now });
    state = opened.state;
    return publicationOf(opened.view, settings.REGION);
  };

  return async (now) => {
    if (known !== undefined && now < nextTry) return known.publication;
    try {
      known = { at: now, publication: await ask(now) };
    } catch (error) {
      // What was read before is used on only while the registry is silent, and not for ever. Every other answer is asked for again by the next request.
      nextTry = 0;
      if (known === undefined || now - known.at > GO_ON_SECONDS || !isAbsence(error)) throw error;
      log('registry.absent', { code: error.code, seconds: now - known.at });
    }
    nextTry = now + FRESH_SECONDS;
    return known.publication;
  };
}

/** The registry says nothing new, which is another thing than saying something wrong. */
function isAbsence(error: unknown): error is SymbolonError {
  return (
    isSymbolonError(error) && (error.code === 'metadata-unreachable' || error.code === 'metadata-expired')
  );
}

function publicationOf(view: RegistryView, region: string): Publication {
  const published = own(view.regions, region);
  if (published === undefined)
    throw new SymbolonError(own(view.malformedRegions, region) ?? 'region-malformed');
  return {
    region: published.region,
    keys: published.keys,
    ruleSets: published.ruleSets,
    schemes: view.schemes,
  };
}

/** Lives as long as the function's container. */
function memoryCache(): Cache {
  const files = new Map<string, Bytes>();
  return {
    read: async (path) => files.get(path),
    write: async (path, bytes) => {
      files.set(path, bytes);
    },
    retain: async (paths) => {
      for (const path of files.keys()) if (!paths.has(path)) files.delete(path);
    },
  };
}
