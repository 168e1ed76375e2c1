import { sha256 } from '@symbolon/keys/digest';
import type { Signer } from '@symbolon/keys/signer';
import { type Bytes, toHex, utf8 } from '@symbolon/protocol/bytes';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import { authorityIn, openDraft } from '../ceremony/draft.ts';
import { type MemoryStore, memoryStore } from '../ceremony/memory-store.ts';
import { describe, signSnapshot, signTimestamp } from '../ceremony/online-roles.ts';
import { cosign, unsigned } from '../ceremony/sign.ts';
import { metadataFile, TIMESTAMP_FILE, targetFile } from '../metadata/file-names.ts';
import type { TargetsMetadata } from '../metadata/metadata.ts';
import { NOW, ONLINE, type SmallRegistry } from './small-registry.ts';

/**
 * A registry in which a role signed what the ceremony would have refused, with every signature above it made again: what a client
 * must be ready for when someone uses another tool.
 */
export async function forgeRole(
  { pinnedRoot, store }: Pick<SmallRegistry, 'pinnedRoot' | 'store'>,
  role: string,
  signers: readonly Signer[],
  change: (current: TargetsMetadata) => JsonObject,
): Promise<MemoryStore> {
  const draft = await openDraft({ read: store.files, pinnedRoot, now: NOW });
  const { base, trust } = draft;
  const current = draft.roles.get(role);
  if (current === undefined || base === undefined) throw new TypeError('no such role');
  const version = current.signed.version + 1;
  const signed = { ...current.raw, ...change(current), version };
  const metadata = await cosign(unsigned(signed), signers, authorityIn(draft, role));

  const meta = { ...base.trust.snapshot.signed.meta, [`${role}.json`]: { ...describe(version, metadata) } };
  const next = base.trust.snapshot.signed.version + 1;
  const snapshot = await signSnapshot(trust.root, next, meta, ONLINE, NOW);
  const timestamp = await signTimestamp(trust.root, base.trust.timestamp, snapshot, ONLINE, NOW);
  return memoryStore(
    new Map<string, Bytes>([
      ...store.files,
      [metadataFile(role, version), metadata],
      [metadataFile('snapshot', next), snapshot.bytes],
      [TIMESTAMP_FILE, timestamp.bytes],
    ]),
  );
}

/** The same, for the content of one file of CN-HA. */
export async function forgeTarget(registry: SmallRegistry, name: string, text: string): Promise<MemoryStore> {
  const { admins, keys } = registry.regions['CN-HA'];
  const [role, signers] = name === 'keys.json' ? ['CN-HA.keys', [keys]] : ['CN-HA', admins];
  const content = utf8(text);
  const path = `regions/CN-HA/${name}`;
  const hash = toHex(sha256(content));
  const info = { length: content.length, hashes: { sha256: hash } };
  const store = await forgeRole(registry, role, signers, ({ signed }) => ({
    targets: { ...signed.targets, [path]: info },
  }));
  return memoryStore(new Map([...store.files, [targetFile(path, hash), content]]));
}
