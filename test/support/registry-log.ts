import type { Signer } from '@symbolon/keys/signer';
import { checkpointText, signCheckpoint } from '@symbolon/log/checkpoint';
import { cosign } from '@symbolon/log/cosignature';
import { leafHash, rootOf } from '@symbolon/log/hashes';
import { encodeLeaf } from '@symbolon/log/leaf';
import { multiProof } from '@symbolon/log/multi-proof';
import { NOTE_TYPE, noteKey } from '@symbolon/log/note-key';
import { consistencyProof } from '@symbolon/log/proofs';
import { encodeBase64 } from '@symbolon/protocol/base64url';
import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import type { Ed25519Jwk } from '@symbolon/protocol/schemas/jwk';
import type { PublicationLeaf } from '@symbolon/protocol/schemas/leaf';
import type { LogPlace, Witnesses } from '@symbolon/protocol/schemas/log';
import { jsonFile } from '@symbolon/registry/json-file';
import { seededSigner } from './federation-fixture.ts';

/** The log of a registry's publications, made by hand: so it can also be made wrong. Hashes, notes and leaves are those of `@symbolon/log`. */

export const ORIGIN = 'registry.example/log';

async function ed25519(seed: string): Promise<{ signer: Signer; jwk: Ed25519Jwk }> {
  const signer = await seededSigner(seed, 'EdDSA');
  const jwk = signer.publicJwk;
  if (jwk.kty !== 'OKP') throw new TypeError('not Ed25519');
  return { signer, jwk };
}

const logKey = await ed25519('registry log');
const witnessKeys = await Promise.all(
  ['w.example/1', 'w.example/2', 'w.example/3'].map(async (name) => ({ name, ...(await ed25519(name)) })),
);

/** As `federation.json` has them: two of three witnesses must have seen a checkpoint. */
export const LOG_PLACE: LogPlace = {
  origin: ORIGIN,
  url: 'https://registry.example/log',
  keys: [{ kid: logKey.signer.kid, alg: 'EdDSA', jwk: logKey.jwk }],
};
export const WITNESSES: Witnesses = {
  threshold: 2,
  of: witnessKeys.map(({ name, signer, jwk }) => ({
    name,
    url: `https://${name}`,
    kid: signer.kid,
    alg: 'EdDSA',
    jwk,
  })),
};

export interface CheckpointOptions {
  /** How many of the witnesses cosign. */
  readonly witnesses?: number;
  readonly origin?: string;
  /** The log's key, when nothing else is said. */
  readonly signer?: Signer;
}

/** `log/registry.json`, as JSON. */
export interface LogJson {
  checkpoint: string;
  leaves: [number, string][];
  hashes: string[];
  anchors: { checkpoint: string; hashes: string[] }[];
}

export class RegistryLogWorld {
  readonly leaves: Bytes[] = [];
  readonly anchors: { size: number; note: string }[] = [];

  add(...leaves: readonly PublicationLeaf[]): void {
    this.leaves.push(...leaves.map(encodeLeaf));
  }

  /** A checkpoint over the first leaves, cosigned at that time. */
  async checkpoint(at: Instant, size = this.leaves.length, options: CheckpointOptions = {}): Promise<string> {
    const { witnesses = 3, origin = ORIGIN, signer = logKey.signer } = options;
    const text = checkpointText(origin, { size, root: rootOf(this.leaves.slice(0, size).map(leafHash)) });
    const key = noteKey(origin, NOTE_TYPE.log, logKey.jwk);
    const lines = await Promise.all(
      witnessKeys
        .slice(0, witnesses)
        .map((each) => cosign(text, noteKey(each.name, NOTE_TYPE.witness, each.jwk), each.signer, at)),
    );
    return (await signCheckpoint(text, key, signer)) + lines.join('');
  }

  /** Keeps what is in the log now as the anchor of a day. */
  async anchor(at: Instant): Promise<void> {
    this.anchors.push({ size: this.leaves.length, note: await this.checkpoint(at) });
  }

  /** What a bundle says of the log, with all leaves, as of then. */
  async json(at: Instant, options: CheckpointOptions & { size?: number } = {}): Promise<LogJson> {
    const size = options.size ?? this.leaves.length;
    const hashOf = this.#hashOf;
    const indices = Array.from({ length: size }, (_, index) => index);
    return {
      checkpoint: await this.checkpoint(at, size, options),
      leaves: indices.map((index) => [index, fromUtf8(this.leaves[index] ?? new Uint8Array())]),
      hashes: (await multiProof(indices, size, hashOf)).map(encodeBase64),
      anchors: await Promise.all(
        this.anchors
          .filter((anchor) => anchor.size <= size)
          .map(async ({ size: old, note }) => ({
            checkpoint: note,
            hashes: (await consistencyProof(old, size, hashOf)).map(encodeBase64),
          })),
      ),
    };
  }

  /** The same with some of the leaves only. */
  async jsonOf(indices: readonly number[], at: Instant): Promise<LogJson> {
    const whole = await this.json(at);
    const hashes = await multiProof(indices, this.leaves.length, this.#hashOf);
    return {
      ...whole,
      leaves: whole.leaves.filter(([index]) => indices.includes(index)),
      hashes: hashes.map(encodeBase64),
    };
  }

  readonly #hashOf = async (start: number, count: number) =>
    rootOf(this.leaves.slice(start, start + count).map(leafHash));
}

export function logFile(json: LogJson): Bytes {
  return jsonFile({ ...json });
}
