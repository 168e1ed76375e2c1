import { type LogTrust, logTrust, openCheckpoint, requireWitnesses } from '@symbolon/log/checkpoint';
import { readEntries } from '@symbolon/log/entry-reader';
import { decodeLeaf } from '@symbolon/log/leaf';
import { tilesOf } from '@symbolon/log/tile-reader';
import { toHex } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import type { Leaf } from '@symbolon/protocol/schemas/leaf';
import type { LogPlace } from '@symbolon/protocol/schemas/log';
import { openRegistry } from '@symbolon/registry/open-registry';
import { expect } from 'vitest';

/** A region's log as anybody finds it who has the pinned root: through the registry, over HTTP. */
export interface PublicLog {
  readonly place: LogPlace;
  readonly trust: LogTrust;
  /** A file of the log; nothing when there is none. */
  read(path: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

export async function publicLog(
  registryUrl: string,
  pinnedRoot: Uint8Array<ArrayBuffer>,
  region: string,
  now: Instant,
): Promise<PublicLog> {
  const read = fetched(registryUrl);
  const { view } = await openRegistry({ read, pinnedRoot, now, expiry: 'offline' });
  const place = view.regions[region]?.region.log ?? expect.unreachable('the region has no log');
  return { place, trust: logTrust(place, view.federation.witnesses), read: fetched(place.url) };
}

export interface WitnessedLeaves {
  /** All of the log that enough witnesses have seen, in order, each held to the root that they have signed. */
  readonly leaves: readonly Leaf[];
  readonly witnessedAt: Instant;
}

export async function witnessedLeaves({ trust, read }: PublicLog): Promise<WitnessedLeaves> {
  const checkpoint = await openCheckpoint((await read('witnessed')) ?? expect.unreachable(), trust);
  const witnessedAt = requireWitnesses(checkpoint, trust);
  const tiles = tilesOf(read, checkpoint.size);
  expect(toHex(await tiles.root())).toBe(toHex(checkpoint.root));
  const leaves: Leaf[] = [];
  for (let bundle = 0; bundle * 256 < checkpoint.size; bundle++)
    leaves.push(...(await readEntries(read, tiles, bundle)).map(decodeLeaf));
  return { leaves, witnessedAt };
}

function fetched(base: string): PublicLog['read'] {
  return async (path) => {
    const response = await fetch(`${base}/${path}`);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  };
}
