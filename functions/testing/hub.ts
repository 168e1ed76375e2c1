import type { AddressInfo } from 'node:net';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { startHttpFront } from '@symbolon/local/http-front';
import type { Bytes } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import type { MemoryStore } from '@symbolon/registry/memory-store';
import type { ObjectStore } from '@symbolon/registry/object-store';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { RegistryPublish } from '../registry-publish/dependencies.ts';
import { ROUTES } from '../registry-publish/handler.ts';
import { httpFunction } from '../runtime/http-function.ts';
import type { LogCatalogue } from '../runtime/log.ts';
import { registryMemory } from '../runtime/registry-memory.ts';
import { foundedRegistry } from './founded-registry.ts';

/** A registry on loopback: the sample federation's files below `/registry`, and the function that publishes below `/publish`. */
export interface Hub {
  readonly registryUrl: string;
  readonly publishUrl: string;
  readonly root: Bytes;
  readonly store: MemoryStore;
  /** What the function goes by, to be replaced in parts. */
  world: RegistryPublish;
  readonly lines: { readonly event: keyof LogCatalogue; readonly fields: object }[];
  now: Instant;
  /** While it is down every request is answered with an error. */
  isDown: boolean;
  /** What is published now. */
  draft(): Promise<Draft>;
  stop(): Promise<void>;
}

export function seeded(seed: string): Promise<Signer> {
  return createLocalSigner(insecurePrivateKeyFromSeed('ES256', seed));
}

export async function startHub(now: Instant): Promise<Hub> {
  const { root, store } = await foundedRegistry(now);
  const lines: Hub['lines'] = [];
  const context = { getRemainingTimeInMillis: () => 10_000 } as Context;
  const invoke = (event: unknown) => {
    if (hub.isDown) throw new Error('the hub is down');
    const { world } = hub;
    return httpFunction(world.log, async () => world, ROUTES)(event as APIGatewayProxyEventV2, context);
  };
  const server = await startHttpFront(
    0,
    new Map([
      [
        '/publish',
        {
          kind: 'function',
          lambda: { invoke: async (event) => invoke(event), hasDied: false, stop: async () => {} },
        },
      ],
      ['/registry', { kind: 'files', read: async (path) => served(path) }],
    ]),
  );
  const served = async (path: string) => {
    if (hub.isDown) return undefined;
    const bytes = await store.read(path);
    return bytes && { bytes, etag: `"${bytes.length}"` };
  };
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const hub: Hub = {
    registryUrl: `${base}/registry`,
    publishUrl: `${base}/publish`,
    root,
    store,
    lines,
    now,
    isDown: false,
    world: {
      objects: store,
      pinnedRoot: async () => root,
      memory: registryMemory(),
      signers: [await seeded('online')],
      clock: () => hub.now,
      log: (event, fields) => lines.push({ event, fields }),
    },
    draft: () => openDraft({ read: store.files, pinnedRoot: root, now: hub.now }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return hub;
}

/** The port on another store, of which some calls are done otherwise. */
export function over(store: ObjectStore, other: Partial<ObjectStore>): ObjectStore {
  return {
    read: other.read ?? ((path) => store.read(path)),
    create: other.create ?? ((path, bytes) => store.create(path, bytes)),
    replace: other.replace ?? ((path, bytes, previous) => store.replace(path, bytes, previous)),
  };
}
