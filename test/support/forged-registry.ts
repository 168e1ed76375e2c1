import { sha256 } from '@symbolon/keys/digest';
import { derFromRaw } from '@symbolon/keys/ecdsa-der';
import type { Signer } from '@symbolon/keys/signer';
import { pemFromJwk } from '@symbolon/keys/spki';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, fromUtf8, toHex, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';

/** What someone can make who holds some keys and does not use our ceremony: it refuses most of this. */

export type Files = ReadonlyMap<string, Bytes>;

export function jsonBytes(value: Json): Bytes {
  return utf8(JSON.stringify(value));
}

export function signedOf(bytes: Bytes | undefined): JsonObject {
  const parsed: Json = JSON.parse(fromUtf8(bytes ?? new Uint8Array()));
  const signed = isJsonObject(parsed) ? parsed['signed'] : undefined;
  if (!isJsonObject(signed)) throw new TypeError('no metadata');
  return signed;
}

/** TUF key object, made here once more, apart from the code under test. `extra` gives one key another key id. */
export function keyObject({ publicJwk }: Signer, extra: JsonObject = {}): JsonObject {
  return publicJwk.kty === 'EC'
    ? {
        keytype: 'ecdsa',
        scheme: 'ecdsa-sha2-nistp256',
        keyval: { public: pemFromJwk(publicJwk) },
        ...extra,
      }
    : {
        keytype: 'ed25519',
        scheme: 'ed25519',
        keyval: { public: toHex(decodeBase64url(publicJwk.x)) },
        ...extra,
      };
}

export function keyId(key: JsonObject): string {
  return toHex(sha256(utf8(canonicalJson(key))));
}

export async function signatureBy(signer: Signer, signed: JsonObject, id?: string): Promise<JsonObject> {
  // A fraction has no canonical form; whoever signs one anyway signs what JSON.stringify says.
  const text = hasFraction(signed) ? JSON.stringify(signed) : canonicalJson(signed);
  const raw = await signer.sign(utf8(text));
  return {
    keyid: id ?? keyId(keyObject(signer)),
    sig: toHex(signer.alg === 'ES256' ? derFromRaw(raw) : raw),
  };
}

/** Any signed part, signed by whoever. */
export async function forge(signed: JsonObject, signers: readonly Signer[]): Promise<Bytes> {
  const signatures = await Promise.all(signers.map((each) => signatureBy(each, signed)));
  return jsonBytes({ signatures, signed });
}

/** One role's new metadata, and the targets that it brings. */
export interface ForgedRole {
  readonly name: string;
  readonly bytes: Bytes;
  readonly targets?: Files;
}

/** Lists targets in a role's signed part, as if they had always been there. */
export function listing(signed: JsonObject, targets: Files): JsonObject {
  const entries = [...targets].map(([path, bytes]) => [
    path,
    { length: bytes.length, hashes: { sha256: toHex(sha256(bytes)) } },
  ]);
  const { targets: before, version } = signed;
  return {
    ...signed,
    version: Number(version) + 1,
    targets: { ...(isJsonObject(before) ? before : {}), ...Object.fromEntries(entries) },
  };
}

export interface OnlineKeys {
  readonly snapshot: Signer;
  readonly timestamp: Signer;
}

/** Changes to the signed parts of snapshot and timestamp, after they were brought up to date. */
export interface OnlineChanges {
  readonly snapshot?: (signed: JsonObject) => JsonObject;
  readonly timestamp?: (signed: JsonObject) => JsonObject;
}

/** A repository in which snapshot and timestamp point to forged roles: what the holder of both online keys can publish. */
export async function republishForged(
  files: Files,
  roles: readonly ForgedRole[],
  keys: OnlineKeys,
  changes: OnlineChanges = {},
): Promise<Files> {
  const next = new Map(files);
  const timestamp = signedOf(files.get('metadata/timestamp.json'));
  const before = versionIn(timestamp, 'snapshot.json');
  const snapshot = signedOf(files.get(`metadata/${before}.snapshot.json`));
  const meta: Record<string, Json | undefined> = { ...objectIn(snapshot, 'meta') };
  for (const { name, bytes, targets = new Map<string, Bytes>() } of roles) {
    const version = Number(signedOf(bytes)['version']);
    meta[`${name}.json`] = { version, length: bytes.length, hashes: { sha256: toHex(sha256(bytes)) } };
    next.set(`metadata/${version}.${name}.json`, bytes);
    for (const [path, content] of targets) next.set(consistentName(path, content), content);
  }
  const raised = { ...snapshot, version: before + 1, meta };
  const newSnapshot = changes.snapshot?.(raised) ?? raised;
  const snapshotBytes = await forge(newSnapshot, [keys.snapshot]);
  next.set(`metadata/${newSnapshot['version']}.snapshot.json`, snapshotBytes);
  const pointing = {
    ...timestamp,
    version: Number(timestamp['version']) + 1,
    meta: {
      'snapshot.json': {
        version: newSnapshot['version'] ?? 0,
        length: snapshotBytes.length,
        hashes: { sha256: toHex(sha256(snapshotBytes)) },
      },
    },
  };
  next.set(
    'metadata/timestamp.json',
    await forge(changes.timestamp?.(pointing) ?? pointing, [keys.timestamp]),
  );
  return next;
}

function consistentName(path: string, bytes: Bytes): string {
  const slash = path.lastIndexOf('/') + 1;
  return `targets/${path.slice(0, slash)}${toHex(sha256(bytes))}.${path.slice(slash)}`;
}

export function objectIn(json: JsonObject, name: string): JsonObject {
  const value = json[name];
  if (!isJsonObject(value)) throw new TypeError(`no ${name}`);
  return value;
}

function versionIn(signed: JsonObject, file: string): number {
  return Number(objectIn(objectIn(signed, 'meta'), file)['version']);
}

/** The newest metadata of a role that snapshot points to. */
export function currentRole(files: Files, role: string): Bytes {
  const timestamp = signedOf(files.get('metadata/timestamp.json'));
  const snapshot = signedOf(files.get(`metadata/${versionIn(timestamp, 'snapshot.json')}.snapshot.json`));
  const bytes = files.get(`metadata/${versionIn(snapshot, `${role}.json`)}.${role}.json`);
  if (bytes === undefined) throw new TypeError(`no ${role}`);
  return bytes;
}

function hasFraction(value: Json | undefined): boolean {
  if (typeof value === 'number') return !Number.isInteger(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasFraction);
}
