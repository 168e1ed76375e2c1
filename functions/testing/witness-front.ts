import type { AddressInfo } from 'node:net';
import { type Mount, startHttpFront } from '@symbolon/local/http-front';
import { type MemoryLogStore, memoryLogStore } from '@symbolon/log/memory-log';
import { formatVerifierKey, NOTE_TYPE, type NoteKey } from '@symbolon/log/note-key';
import { utf8 } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import type { Witnesses } from '@symbolon/protocol/schemas/log';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { httpFunction } from '../runtime/http-function.ts';
import type { LogCatalogue } from '../runtime/log.ts';
import { ROUTES } from '../witness/handler.ts';
import { parseKnownLogs } from '../witness/known-logs.ts';
import { seededNoteSigner } from './note-signers.ts';

/** Witnesses on loopback: each is the function itself behind an HTTP front, with a memory of its own. */
export interface WitnessFront {
  /** As a federation lists them. */
  readonly witnesses: Witnesses;
  readonly url: (name: string) => string;
  /** What each keeps. */
  readonly stores: ReadonlyMap<string, MemoryLogStore>;
  readonly lines: { readonly event: keyof LogCatalogue; readonly fields: object }[];
  /** Names of those that answer every request with an error. */
  readonly down: Set<string>;
  now: Instant;
  stop(): Promise<void>;
}

/** @param logs what every witness was given */
export async function startWitnesses(
  names: readonly string[],
  threshold: number,
  logs: readonly NoteKey[],
  now: Instant,
): Promise<WitnessFront> {
  const mounts = new Map<string, Mount>();
  const stores = new Map<string, MemoryLogStore>();
  const of: Witnesses['of'] = [];
  const known = parseKnownLogs(utf8(logs.map(formatVerifierKey).join('\n')));
  const context = { getRemainingTimeInMillis: () => 10_000 } as Context;
  const server = await startHttpFront(0, mounts);
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = (name: string) => `${base}/${name}`;
  for (const name of names) {
    const own = await seededNoteSigner(name, NOTE_TYPE.witness);
    const store = memoryLogStore();
    stores.set(name, store);
    const world = {
      ...own,
      logs: async () => known,
      store,
      clock: () => front.now,
      log: (event: keyof LogCatalogue, fields: object) => front.lines.push({ event, fields }),
    };
    const serve = httpFunction(world.log, async () => world, ROUTES);
    const invoke = async (event: unknown) => {
      if (front.down.has(name)) throw new Error('the witness is down');
      return serve(event as APIGatewayProxyEventV2, context);
    };
    mounts.set(`/${name}`, {
      kind: 'function',
      lambda: { invoke, hasDied: false, stop: async () => {} },
    });
    of.push({ name, url: url(name), kid: own.signer.kid, alg: 'EdDSA', jwk: own.key.jwk });
  }
  const front: WitnessFront = {
    witnesses: { threshold, of },
    url,
    stores,
    lines: [],
    down: new Set(),
    now,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return front;
}
