import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import type { Json } from '@symbolon/protocol/strict-json';

interface RawSignature {
  readonly pem: string;
  readonly data: Uint8Array;
  readonly der: Uint8Array;
}

/** As far as the floor reads metadata: it is from the ceremony of this very run, so its form is not looked at again. */
interface Metadata {
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
  readonly signed: Json & {
    readonly keys: Keys;
    readonly roles: Readonly<Record<'root' | 'targets' | 'snapshot' | 'timestamp', RoleKeys>>;
    readonly delegations?: {
      readonly keys: Keys;
      readonly roles: readonly (RoleKeys & { readonly name: string })[];
    };
  };
}
type Keys = Readonly<Record<string, { readonly keyval: { readonly public: string } }>>;
interface RoleKeys {
  readonly keyids: readonly string[];
  readonly threshold: number;
}

export interface RawRegistry {
  readonly signatures: number;
  readonly keys: number;
  /** Imports every key once and checks every signature once, and does nothing else. */
  readonly verifyAll: () => boolean;
}

/**
 * What no client can leave out when it opens a registry for the first time: of every role as many signatures as its threshold asks for, each over the
 * canonical form, and the import of each key that made one. In the forms in which Node is fastest: PEM, as it stands in the metadata (a third of the
 * time of a JWK), then a bare key object and DER. All that can be made beforehand is.
 *
 * The repository is a new one: of each role there is one version.
 */
export function rawRegistry(files: ReadonlyMap<string, Uint8Array>): RawRegistry {
  const roles = new Map<string, Metadata>();
  for (const [path, bytes] of files) {
    const role = /^metadata\/(?:\d+\.)?(.+)\.json$/.exec(path)?.[1];
    if (role !== undefined) roles.set(role, JSON.parse(fromUtf8(bytes)));
  }
  const signatures = [...roles].flatMap(([role, metadata]) =>
    signaturesOf(metadata, authorityOf(role, roles)),
  );
  return {
    signatures: signatures.length,
    keys: new Set(signatures.map(({ pem }) => pem)).size,
    verifyAll: () => {
      const imported = new Map<string, KeyObject>();
      for (const { pem, data, der } of signatures) {
        let key = imported.get(pem);
        if (key === undefined) {
          key = createPublicKey(pem);
          imported.set(pem, key);
        }
        if (!verify('sha256', data, key, der)) return false;
      }
      return true;
    },
  };
}

interface Authority extends RoleKeys {
  readonly ring: Keys;
}

function authorityOf(role: string, roles: ReadonlyMap<string, Metadata>): Authority {
  const root = roles.get('root')?.signed;
  if (root === undefined) throw new Error('there is no root');
  if (role === 'root' || role === 'targets' || role === 'snapshot' || role === 'timestamp') {
    return { ...root.roles[role], ring: root.keys };
  }
  for (const { signed } of roles.values()) {
    const delegation = signed.delegations?.roles.find(({ name }) => name === role);
    if (delegation !== undefined) return { ...delegation, ring: signed.delegations?.keys ?? {} };
  }
  throw new Error('nobody delegates to this role');
}

function signaturesOf(
  { signatures, signed }: Metadata,
  { ring, keyids, threshold }: Authority,
): RawSignature[] {
  const data = utf8(canonicalJson(signed));
  const counted = signatures.filter(({ keyid }) => keyids.includes(keyid)).slice(0, threshold);
  if (counted.length < threshold) throw new Error('too few have signed');
  return counted.map(({ keyid, sig }) => ({
    pem: ring[keyid]?.keyval.public ?? '',
    data,
    der: Buffer.from(sig, 'hex'),
  }));
}
