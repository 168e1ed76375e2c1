import { sha256 } from '@symbolon/keys/digest';
import { type Bytes, toHex, utf8 } from '@symbolon/protocol/bytes';
import { authorityIn, openDraft } from '../ceremony/draft.ts';
import { type MemoryStore, memoryStore } from '../ceremony/memory-store.ts';
import { describe, signSnapshot, signTimestamp } from '../ceremony/online-roles.ts';
import { cosign, unsigned } from '../ceremony/sign.ts';
import { metadataFile, TIMESTAMP_FILE, targetFile } from '../metadata/file-names.ts';
import { NOW, ONLINE, type SmallRegistry } from './small-registry.ts';

/**
 * A registry in which CN-HA signed one file with content that the ceremony would have refused: what a client must be ready for when
 * someone uses another tool.
 */
export async function forgeTarget(
  { pinnedRoot, store, regions }: SmallRegistry,
  name: string,
  text: string,
): Promise<MemoryStore> {
  const draft = await openDraft({ read: store.files, pinnedRoot, now: NOW });
  const role = name === 'keys.json' ? 'CN-HA.keys' : 'CN-HA';
  const { admins, keys } = regions['CN-HA'];
  const current = draft.roles.get(role);
  const base = draft.base;
  if (current === undefined || base === undefined) throw new TypeError('no such role');

  const content = utf8(text);
  const path = `regions/CN-HA/${name}`;
  const hash = toHex(sha256(content));
  const targets = { ...current.signed.targets, [path]: { length: content.length, hashes: { sha256: hash } } };
  const signed = { ...current.raw, version: current.signed.version + 1, targets };
  const signers = role === 'CN-HA' ? admins : [keys];
  const metadata = await cosign(unsigned(signed), signers, authorityIn(draft, role));

  const meta = {
    ...base.trust.snapshot.signed.meta,
    [`${role}.json`]: { ...describe(signed.version, metadata) },
  };
  const root = draft.trust.root;
  const version = base.trust.snapshot.signed.version + 1;
  const snapshot = await signSnapshot(root, version, meta, ONLINE, NOW);
  const timestamp = await signTimestamp(root, base.trust.timestamp, snapshot, ONLINE, NOW);
  return memoryStore(
    new Map<string, Bytes>([
      ...store.files,
      [targetFile(path, hash), content],
      [metadataFile(role, signed.version), metadata],
      [metadataFile('snapshot', version), snapshot.bytes],
      [TIMESTAMP_FILE, timestamp.bytes],
    ]),
  );
}
