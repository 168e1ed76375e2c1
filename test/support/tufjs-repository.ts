import { createPrivateKey, createPublicKey, hash, sign } from 'node:crypto';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import {
  Key,
  Metadata,
  MetaFile,
  Root,
  Signature,
  Snapshot,
  TargetFile,
  Targets,
  Timestamp,
} from '@tufjs/models';
import { jsonBytes, keyId } from './forged-registry.ts';

/** Fields that TUF does not know. */
type Fields = Readonly<Record<string, string>>;

/** A repository made with `@tufjs/models` and signed with node:crypto: its forms and its canonical JSON are not ours. */

export interface TufjsSigner {
  readonly key: Key;
  readonly sign: (data: Uint8Array) => Signature;
}

export function tufjsSigner(seed: string, alg: 'ES256' | 'EdDSA' = 'ES256', note: Fields = {}): TufjsSigner {
  const { d, ...jwk } = insecurePrivateKeyFromSeed(alg, seed);
  const privateKey = createPrivateKey({ key: { ...jwk, d }, format: 'jwk' });
  const publicKey = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  // The last 32 bytes of the DER form are the key (RFC 8410, section 4).
  const hex = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
  const object =
    alg === 'ES256'
      ? { keytype: 'ecdsa', scheme: 'ecdsa-sha2-nistp256', keyval: { public: pem } }
      : { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: hex } };
  const keyID = keyId({ ...object, ...note });
  return {
    key: Key.fromJSON(keyID, { ...object, ...note }),
    sign: (data) => {
      const raw = sign(alg === 'ES256' ? 'sha256' : null, data, privateKey);
      return new Signature({ keyID, sig: raw.toString('hex') });
    },
  };
}

/** Everything that one publication holds. Roles other than targets are delegated roles. */
export interface TufjsContent {
  readonly version?: number;
  readonly consistent?: boolean;
  readonly rootSigners: readonly TufjsSigner[];
  readonly online: TufjsSigner;
  readonly targets: TufjsSigner;
  readonly roles: Readonly<Record<string, TufjsRole>>;
  /** More fields for the signed part of each role: what Symbolon or nobody knows. */
  readonly more?: Readonly<Record<string, Fields>>;
}

export interface TufjsRole {
  readonly contents?: Readonly<Record<string, string>>;
  /** Kinds of hashes that targets have. */
  readonly hashes?: readonly ('sha256' | 'sha512')[];
  readonly delegates?: readonly TufjsDelegation[];
}

interface TufjsDelegation {
  readonly name: string;
  readonly signer: TufjsSigner;
  readonly paths?: readonly string[];
  readonly pathHashPrefixes?: readonly string[];
  readonly terminating?: boolean;
}

const EXPIRES = '2099-01-01T00:00:00Z';

/** The files of a publication by their path: `metadata/...`, `targets/...`. */
export function tufjsFiles(content: TufjsContent): Map<string, Bytes> {
  const { version = 1, consistent = true, rootSigners, online, targets, roles, more = {} } = content;
  const files = new Map<string, Bytes>();
  const common = (role: string) => ({
    version,
    specVersion: '1.0.31',
    expires: EXPIRES,
    unrecognizedFields: { ...more[role] },
  });
  const put = (
    role: string,
    metadata: Metadata<Root | Snapshot | Timestamp | Targets>,
    signers: readonly TufjsSigner[],
  ) => {
    for (const each of signers) metadata.sign(each.sign);
    const isVersioned = role === 'root' || (consistent && role !== 'timestamp');
    files.set(`metadata/${isVersioned ? `${version}.` : ''}${role}.json`, jsonBytes(metadata.toJSON()));
  };

  const root = new Root({ ...common('root'), consistentSnapshot: consistent });
  for (const { key } of rootSigners) root.addKey(key, 'root');
  root.addKey(targets.key, 'targets');
  for (const role of ['snapshot', 'timestamp']) root.addKey(online.key, role);
  put('root', new Metadata(root), rootSigners);

  const meta: Record<string, MetaFile> = {};
  const signerOf = new Map([['targets', targets]]);
  for (const { delegates = [] } of Object.values(roles))
    for (const { name, signer } of delegates) signerOf.set(name, signer);
  for (const [name, role] of Object.entries(roles)) {
    const empty = new Targets(common(name)).toJSON();
    const signed = Targets.fromJSON({ ...empty, ...delegationsOf(role) });
    for (const [path, text] of Object.entries(role.contents ?? {})) {
      const info = targetFile(path, text, role.hashes ?? ['sha256']);
      signed.addTarget(info);
      // Without hashes in their names, two roles that list one path share a file: the first one's.
      const published = `targets/${publishedPath(info, consistent)}`;
      if (!files.has(published)) files.set(published, utf8(text));
    }
    const signer = signerOf.get(name);
    put(name, new Metadata(signed), signer === undefined ? [] : [signer]);
    meta[`${name}.json`] = new MetaFile({ version });
  }
  put('snapshot', new Metadata(new Snapshot({ ...common('snapshot'), meta })), [online]);
  const snapshotMeta = new MetaFile({ version });
  put('timestamp', new Metadata(new Timestamp({ ...common('timestamp'), snapshotMeta })), [online]);
  return files;
}

/** `Delegations` is not among what the package exports, so they are given as JSON. */
function delegationsOf({ delegates = [] }: TufjsRole) {
  const keys = Object.fromEntries(delegates.map(({ signer: { key } }) => [key.keyID, key.toJSON()]));
  const roles = delegates.map(({ name, signer, paths, pathHashPrefixes, terminating = false }) => ({
    name,
    keyids: [signer.key.keyID],
    threshold: 1,
    terminating,
    ...(paths === undefined ? { path_hash_prefixes: [...(pathHashPrefixes ?? [])] } : { paths: [...paths] }),
  }));
  return roles.length === 0 ? {} : { delegations: { keys, roles } };
}

function targetFile(path: string, text: string, kinds: readonly ('sha256' | 'sha512')[]): TargetFile {
  const content = utf8(text);
  const hashes = Object.fromEntries(kinds.map((kind) => [kind, hash(kind, content)]));
  return new TargetFile({ path, length: content.length, hashes });
}

function publishedPath({ path, hashes }: TargetFile, consistent: boolean): string {
  const slash = path.lastIndexOf('/') + 1;
  const prefix = consistent ? `${hashes['sha256'] ?? hashes['sha512']}.` : '';
  return `${path.slice(0, slash)}${prefix}${path.slice(slash)}`;
}
