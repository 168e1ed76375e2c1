import type { Instant } from '@symbolon/protocol/instant';
import { writeBundle } from '@symbolon/registry/bundle';
import type { ClientState } from '@symbolon/registry/client-state';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { openRegistry } from '@symbolon/registry/open-registry';
import type { RegistryView } from '@symbolon/registry/registry-view';
import { openTrust } from '@symbolon/verifier/open-trust';
import type { Trust } from '@symbolon/verifier/trust';
import type { World } from './world.ts';

/**
 * A verifier's client that refreshes in every hour in which something is published. Its state is the strictest that any verifier can have: who refreshes less
 * often knows less exactly when a key appeared (REQ-KEY-012), so what this one lets pass no other one refuses.
 */
export interface Client {
  readonly trust: Trust;
  readonly state: ClientState;
}

/** A new bundle is written, and opened as a verifier does. */
export async function openBundled(world: World, before: Client | undefined, now: Instant): Promise<Client> {
  const { store, pinnedRoot } = world;
  const bundle = await writeBundle(await collectBundle({ read: store.files }));
  const opened = await openTrust({ bundle, pinnedRoot, now, ...(before && { state: before.state }) });
  return shared(opened, before);
}

/** The same client against the repository itself: where only the timestamp is new, no bundle has to be written and read apart for it. */
export async function openOnline(world: World, before: Client, now: Instant): Promise<Client> {
  const { store, pinnedRoot } = world;
  const { view, state } = await openRegistry({
    read: store.files,
    pinnedRoot,
    state: before.state,
    now,
    expiry: 'offline',
  });
  const { registryLog, lists, badLists, bitstrings } = before.trust;
  return shared(
    {
      trust: {
        registry: view,
        registryLog,
        lists,
        badLists,
        bitstrings,
        newestSignedAt: state.newestSignedAt,
      },
      state,
    },
    before,
  );
}

/** Equal parts are one object: 73 trusts are held at a time, and the verifier compiles rules and policies once for each object. */
function shared({ trust, state }: Client, before: Client | undefined): Client {
  if (before === undefined) return { trust, state };
  const { registry } = trust;
  const known = before.trust.registry;
  const regions: RegistryView['regions'] = Object.fromEntries(
    Object.entries(registry.regions).map(([id, view]) => [id, equalOr(known.regions[id], view)]),
  );
  return {
    trust: {
      ...trust,
      registry: {
        ...registry,
        schemes: equalOr(known.schemes, registry.schemes),
        federation: equalOr(known.federation, registry.federation),
        dictionary: equalOr(known.dictionary, registry.dictionary),
        regions,
      },
    },
    state: { ...state, ruleHashes: equalOr(before.state.ruleHashes, state.ruleHashes) },
  };
}

const texts = new WeakMap<object, string>();

function equalOr<T extends object>(known: T | undefined, found: T): T {
  return known !== undefined && textOf(known) === textOf(found) ? known : found;
}

function textOf(value: object): string {
  const text = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, text);
  return text;
}
