import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sha256Hex } from '@symbolon/keys/digest';
import type { ReadLogFile } from '@symbolon/log/tile-reader';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { LogPlace } from '@symbolon/protocol/schemas/log';
import type { ClientState } from '@symbolon/registry/client-state';
import type { ReadFile } from '@symbolon/registry/source';
import { givenBy } from '../files/file-fault.ts';
import { registryPlace } from '../registry/place.ts';
import { raiseState, readOptional, readState, trustFolder } from '../trust/trust-folder.ts';
import { UsageError } from '../usage-error.ts';
import { keptFiles } from './kept-files.ts';
import { folderLog, webLog } from './log-files.ts';
import { makeFolder } from './make-folder.ts';
import { type StateFolder, stateFolder } from './state-folder.ts';

export interface AuditPlaces {
  /** A registry: URL or folder; that of `trust init` when left out. */
  readonly address: string | undefined;
  readonly trust: string;
  readonly root?: string;
  readonly logs?: string;
  readonly state?: string;
}

export interface OpenedPlaces {
  readonly registry: ReadFile;
  readonly pinnedRoot: Bytes;
  readonly state: StateFolder;
  readonly clientState: ClientState | undefined;
  readonly keepClientState: (state: ClientState) => Promise<void>;
  readonly logAt: (place: LogPlace) => ReadLogFile;
}

/** @throws SymbolonError `no-trust-anchor`, `trust-file-malformed`; UsageError when no registry is named */
export async function openPlaces(places: AuditPlaces, stop: AbortSignal): Promise<OpenedPlaces> {
  const folder = trustFolder(places.trust);
  const address = places.address ?? (await folder.origin())?.repository;
  if (address === undefined) throw new UsageError('Name the registry: symbolon audit ADDRESS.');
  const { root } = places;
  const given = root === undefined ? undefined : await givenBy('--root', () => readOptional(root));
  // REQ-REG-001: the anchor is the auditor's own.
  const pinnedRoot = given ?? (root === undefined ? await folder.root() : undefined);
  if (pinnedRoot === undefined) throw new SymbolonError('no-trust-anchor');
  const { read } = await registryPlace(address, true);
  const path = places.state ?? defaultStateFolder(places.trust, pinnedRoot);
  await givenBy('--state', () => makeFolder(resolve(path)));
  const client = join(path, 'registry.json');
  const { logs } = places;
  return {
    registry: keptFiles(read, join(path, 'registry')),
    pinnedRoot,
    state: stateFolder(path),
    clientState: await readState(client),
    keepClientState: (state) => raiseState(client, state),
    logAt: ({ origin, url }) =>
      logs === undefined
        ? webLog(url, { stop, pause: (milliseconds) => pause(milliseconds, undefined) })
        : folderLog(logs, origin),
  };
}

/** Beside the trust folder, one for each pinned root. */
function defaultStateFolder(trust: string, pinnedRoot: Bytes): string {
  return join(dirname(resolve(trust)), 'audit', sha256Hex(pinnedRoot).slice(0, 16));
}
