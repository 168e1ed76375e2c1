import { sha256 } from '@symbolon/keys/digest';
import { derFromRaw } from '@symbolon/keys/ecdsa-der';
import type { Signer } from '@symbolon/keys/signer';
import { type Bytes, toHex, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { Json, JsonObject } from '@symbolon/protocol/strict-json';
import { keyIdOf, tufKeyOf } from '../metadata/keys.ts';
import { signingBytesOf } from '../metadata/metadata.ts';
import { escapeName } from '../tuf-client/names.ts';
import type { Repository } from '../updater/ports.ts';
import { later, signer } from './small-registry.ts';

/** A plain TUF repository for tests: it signs whatever it is told, as an attacker with these keys would. */
export interface PlainRepository {
  /** The newest signed part of each role. Change it, then `publish` the role. Root gets `keys` and `roles` from `signers`, unless they are here. */
  readonly signed: Record<string, JsonObject>;
  /** Who signs a role, and who is listed for it. */
  readonly signers: Record<string, readonly Signer[]>;
  /** What is served, by name. */
  readonly files: Map<string, Bytes>;
  readonly asked: string[];
  readonly repository: Repository;
  /** Signs roles with the next version, and brings snapshot and timestamp up to date where they are among them. */
  publish(...roles: readonly string[]): Promise<void>;
}

export const FAR: Instant = later(300);

export function keysOf(signers: readonly Signer[]): JsonObject {
  const keys = signers.map(({ publicJwk }) => tufKeyOf(publicJwk));
  return Object.fromEntries(keys.map((key) => [keyIdOf(key), key]));
}

export function roleOf(signers: readonly Signer[], threshold = 1): JsonObject {
  return { keyids: Object.keys(keysOf(signers)), threshold };
}

export function targetsOf(contents: Readonly<Record<string, string>>): JsonObject {
  const described = Object.entries(contents).map(([path, content]): [string, Json] => [
    path,
    { length: utf8(content).length, hashes: { sha256: toHex(sha256(utf8(content))) } },
  ]);
  return Object.fromEntries(described);
}

export async function signFile(signed: JsonObject, signers: readonly Signer[]): Promise<Bytes> {
  const data = signingBytesOf(signed);
  const signatures = await Promise.all(
    signers.map(async (each) => {
      const raw = await each.sign(data);
      const sig = toHex(each.alg === 'ES256' ? derFromRaw(raw) : raw);
      return { keyid: keyIdOf(tufKeyOf(each.publicJwk)), sig };
    }),
  );
  return utf8(JSON.stringify({ signatures, signed }));
}

export async function plainRepository({ consistent = true } = {}): Promise<PlainRepository> {
  const names = ['root', 'timestamp', 'snapshot', 'targets'];
  const signers: Record<string, readonly Signer[]> = {};
  for (const name of names) signers[name] = [await signer(`plain ${name}`)];
  const common = { spec_version: '1.0.31', version: 0, expires: formatInstant(FAR) };
  const signed: Record<string, JsonObject> = {
    root: { _type: 'root', ...common, consistent_snapshot: consistent },
    targets: { _type: 'targets', ...common, targets: {} },
    snapshot: { _type: 'snapshot', ...common, meta: {} },
    timestamp: { _type: 'timestamp', ...common, meta: {} },
  };
  const files = new Map<string, Bytes>();
  const asked: string[] = [];
  const publishOne = async (role: string) => {
    const before = signed[role] ?? { _type: 'targets', ...common, targets: {} };
    const version = Number(before['version']) + 1;
    const next = { ...before, version };
    signed[role] = next;
    const bytes = await signFile(role === 'root' ? { ...authorities(), ...next } : next, signers[role] ?? []);
    const isVersioned = role === 'root' || (consistent && role !== 'timestamp');
    files.set(isVersioned ? `${version}.${escapeName(role)}.json` : `${escapeName(role)}.json`, bytes);
    const parent =
      role === 'root' || role === 'timestamp' ? undefined : role === 'snapshot' ? 'timestamp' : 'snapshot';
    if (parent === undefined) return;
    const listed = signed[parent] ?? {};
    const meta = { ...(listed['meta'] as JsonObject), [`${role}.json`]: { version } };
    signed[parent] = { ...listed, meta };
  };
  const authorities = () => ({
    keys: keysOf(names.flatMap((name) => signers[name] ?? [])),
    roles: Object.fromEntries(names.map((name) => [name, roleOf(signers[name] ?? [])])),
  });
  const publish = async (...roles: readonly string[]) => {
    for (const role of roles) await publishOne(role);
  };
  await publish('root', 'targets', 'snapshot', 'timestamp');
  return {
    signed,
    signers,
    files,
    asked,
    publish,
    repository: {
      fetch: async (name, maxBytes) => {
        asked.push(name);
        const bytes = files.get(name);
        if (bytes !== undefined && bytes.length > maxBytes) throw new SymbolonError('metadata-too-large');
        return bytes;
      },
    },
  };
}
