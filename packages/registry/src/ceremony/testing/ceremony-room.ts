import { sha256 } from '@symbolon/keys/digest';
import type { Signer } from '@symbolon/keys/signer';
import { type Bytes, toHex } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import { isJsonObject, type JsonObject } from '@symbolon/protocol/strict-json';
import { targetFile } from '../../metadata/file-names.ts';
import { parseRoot, parseTargets } from '../../metadata/metadata.ts';
import { type OpenedRegistry, openRegistry } from '../../registry-view/open-registry.ts';
import {
  ADMINS,
  createSmallRegistry,
  NOW,
  ONLINE,
  type SmallRegistry,
} from '../../testing/small-registry.ts';
import type { Change } from '../changes/change.ts';
import { type Draft, openDraft } from '../draft.ts';
import { checkEvent } from '../event/check-event.ts';
import { proposeEvent } from '../event/propose-event.ts';
import { sealEvent } from '../event/seal-event.ts';
import { signEvent } from '../event/sign-event.ts';
import type { SigningEvent } from '../event/signing-event.ts';
import type { OnlineSigners } from '../online-roles.ts';
import { publish, storeFiles } from '../publish.ts';
import type { Publication } from '../seal.ts';
import { unsigned } from '../sign.ts';

/** A small registry and everyone who holds a key of it, in one room: what the tests of ceremonies need. */
export interface Room {
  readonly registry: SmallRegistry;
  /** Everyone: the federation's admins, the regions' admins and keys roles. */
  readonly holders: readonly Signer[];
  published(now?: Instant): Promise<Draft>;
  propose(changes: readonly Change[], now?: Instant): Promise<SigningEvent>;
  /** By all who may sign it, and `others`. */
  sign(event: SigningEvent, others?: readonly Signer[]): Promise<SigningEvent>;
  seal(event: SigningEvent, now?: Instant, online?: OnlineSigners): Promise<Publication>;
  /** Proposes, signs, seals and publishes. */
  hold(changes: readonly Change[], now?: Instant, others?: readonly Signer[]): Promise<SigningEvent>;
  /** Codes, each with its path. */
  faults(event: SigningEvent, now?: Instant): Promise<readonly string[]>;
  open(now?: Instant): Promise<OpenedRegistry>;
}

export async function openRoom(): Promise<Room> {
  const registry = await createSmallRegistry();
  const { store, pinnedRoot, regions } = registry;
  const holders = [...ADMINS, ...Object.values(regions).flatMap(({ admins, keys }) => [...admins, keys])];
  const published = (now = NOW) => openDraft({ read: storeFiles(store), pinnedRoot, now });
  const room: Room = {
    registry,
    holders,
    published,
    propose: async (changes, now = NOW) =>
      proposeEvent(await published(now), changes, { title: 'a change', now }),
    sign: async (event, others = []) => {
      let signed = event;
      for (const signer of [...holders, ...others]) {
        signed = await signEvent(signed, await published(), [signer]).catch(() => signed);
      }
      return signed;
    },
    seal: async (event, now = NOW, online = ONLINE) => sealEvent(event, await published(now), online, now),
    hold: async (changes, now = NOW, others = []) => {
      const event = await room.sign(await room.propose(changes, now), others);
      await publish(store, await room.seal(event, now));
      return event;
    },
    faults: async (event, now = NOW) => codesOf(await checkEvent(event, await published(now), now)),
    open: (now = NOW) => openRegistry({ read: store.files, pinnedRoot, now, expiry: 'online' }),
  };
  return room;
}

function codesOf(faults: readonly { readonly code: string; readonly path: string | undefined }[]): string[] {
  return faults.map(({ code, path }) => `${code} ${path ?? ''}`.trim());
}

/** An event whose maker used another tool: one file of it says something else. */
export function handMade(
  event: SigningEvent,
  role: string,
  change: (signed: JsonObject) => JsonObject,
  targets: ReadonlyMap<string, Bytes> = new Map(),
): SigningEvent {
  const raw = role === 'root' ? event.root?.raw : event.roles.get(role)?.raw;
  if (raw === undefined) throw new TypeError('no such role in the event');
  const bytes = unsigned({ ...raw, ...change(raw) });
  const all = new Map([...event.targets, ...targets]);
  if (role === 'root') return { ...event, targets: all, root: parseRoot(bytes) };
  return { ...event, targets: all, roles: new Map([...event.roles, [role, parseTargets(bytes)]]) };
}

/** The same: a role of it lists other files. */
export function listing(
  event: SigningEvent,
  role: string,
  files: ReadonlyMap<string, Bytes>,
  more: JsonObject = {},
): SigningEvent {
  const entries = [...files].map(([path, bytes]) => ({ path, bytes, hash: toHex(sha256(bytes)) }));
  const infos = entries.map(({ path, bytes, hash }) => [
    path,
    { length: bytes.length, hashes: { sha256: hash } },
  ]);
  return handMade(
    event,
    role,
    ({ targets }) => ({
      ...more,
      targets: { ...(isJsonObject(targets) ? targets : {}), ...Object.fromEntries(infos) },
    }),
    new Map(entries.map(({ path, bytes, hash }) => [targetFile(path, hash), bytes])),
  );
}
