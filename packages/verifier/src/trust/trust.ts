import type { Bytes } from '@symbolon/protocol/bytes';
import type { Code } from '@symbolon/protocol/codes';
import type { Instant } from '@symbolon/protocol/instant';
import type { RegionView, RegistryView } from '@symbolon/registry/registry-view';
import type { EntryBits } from '@symbolon/status/status-list';
import type { RegistryLog } from './registry-log/open-registry-log.ts';

/** A status list whose signature, type and subject were checked. Its times are graded when it is read. */
export interface TrustedList {
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  readonly bits: EntryBits;
  /** ZLIB, not yet inflated: see inflated-lists.ts. */
  readonly compressed: Bytes;
}

/** A Bitstring list of the same region as it came. **Nothing is verified** before a credential points to it: see open-bitstring.ts. */
export interface BundledBitstring {
  /** These two follow from its place. */
  readonly region: string;
  readonly uri: string;
  readonly text: string;
  /** When the newest token list with the same entries was issued that this client has seen. An older Bitstring list is not read (REQ-STA-009). */
  readonly issuedFrom: Instant | undefined;
}

/** A Bitstring list whose proof, type, issuer, purpose and id were checked. Its times are graded when it is read. */
export interface TrustedBitstring {
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  /** Multibase, not yet expanded: see inflated-lists.ts. */
  readonly encodedList: string;
}

/**
 * Everything that a verdict rests on, as plain data: made by `openTrust` from a bundle, a pinned root and the client's state, and passed to
 * `verify`. Whatever is in here was checked against the pinned root, except for `bitstrings`; how old it is, the verdict says.
 */
export interface Trust {
  readonly registry: RegistryView;
  /** Nothing where the federation names no log of its registry. */
  readonly registryLog: RegistryLog | undefined;
  /** By URI. */
  readonly lists: ReadonlyMap<string, TrustedList>;
  /** By URI. Not verified yet. */
  readonly bitstrings: ReadonlyMap<string, BundledBitstring>;
  /** Lists that are in the bundle but cannot be believed, by URI. */
  readonly badLists: ReadonlyMap<string, Code>;
  /** The newest signed time that this client has ever seen. A clock earlier than that is wrong. */
  readonly newestSignedAt: Instant;
}

const byIssuer = new WeakMap<RegistryView['regions'], ReadonlyMap<string, RegionView>>();

/** The region that an issuer URL (SD-JWT) or DID (JSON-LD) stands for, from the registry alone. */
export function regionOfIssuer({ registry }: Trust, issuer: string): RegionView | undefined {
  let index = byIssuer.get(registry.regions);
  if (index === undefined) {
    index = indexed(registry.regions);
    byIssuer.set(registry.regions, index);
  }
  return index.get(issuer);
}

/** Built once for each registry. Should two regions claim one name, the first counts. */
function indexed(regions: RegistryView['regions']): ReadonlyMap<string, RegionView> {
  const index = new Map<string, RegionView>();
  for (const view of Object.values(regions)) {
    const { issuer, did } = view.region;
    for (const name of [issuer, did]) if (!index.has(name)) index.set(name, view);
  }
  return index;
}
