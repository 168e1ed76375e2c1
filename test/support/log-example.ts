import { sha256 } from '@symbolon/keys/digest';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { checkpointText, type LogTrust, signCheckpoint } from '@symbolon/log/checkpoint';
import { commitmentOf, subjectTag } from '@symbolon/log/commitment';
import { cosign } from '@symbolon/log/cosignature';
import { leafHash, rootOf } from '@symbolon/log/hashes';
import { encodeLeaf } from '@symbolon/log/leaf';
import { NOTE_TYPE, type NoteKey, type NoteType, noteKey } from '@symbolon/log/note-key';
import { consistencyProof, inclusionProof, type RangeHash } from '@symbolon/log/proofs';
import { formatReceipt } from '@symbolon/log/receipt';
import { encodeBase64, encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { addSeconds, hourFloor } from '@symbolon/protocol/instant';
import { Ed25519Jwk } from '@symbolon/protocol/schemas/jwk';
import { type Leaf, Opening } from '@symbolon/protocol/schemas/leaf';
import * as z from 'zod/mini';
import { FIXTURE_NOW } from './federation-fixture.ts';

/** The log of the examples in docs/spec/log.md: five leaves, of which one is shown whole. Keys and salts are made from fixed seeds. */
export interface LogExample {
  readonly trust: LogTrust;
  /** Leaf 3. */
  readonly index: number;
  readonly subject: string;
  readonly salt: Bytes;
  readonly opening: string;
  readonly leaf: string;
  readonly leafHash: string;
  /** The newest checkpoint, with the cosignatures of two witnesses. */
  readonly checkpoint: string;
  readonly receipt: string;
  /** What a witness is asked for the first two leaves, and then for the newest checkpoint. */
  readonly first: string;
  readonly request: string;
}

const REGION = 'CN-HA';
const SHOWN = 3;
/** Leaves that a witness has cosigned before. */
const OLDER = 2;

export async function logExample(): Promise<LogExample> {
  const log = await party('log.example/cn-ha', NOTE_TYPE.log);
  const witnesses = await Promise.all(
    ['witness.example/one', 'witness.example/two', 'witness.example/three'].map((name) =>
      party(name, NOTE_TYPE.witness),
    ),
  );
  const made = Array.from({ length: 5 }, (_, i) => decisionOf(i));
  const entries = made.map(({ leaf }) => encodeLeaf(leaf));
  const hashes = entries.map(leafHash);
  const hashOf: RangeHash = async (start, count) => rootOf(hashes.slice(start, start + count));
  const text = checkpointText(log.key.name, { size: hashes.length, root: rootOf(hashes) });
  const note = await signCheckpoint(text, log.key, log.signer);
  const seenAt = addSeconds(FIXTURE_NOW, 31);
  const lines = await Promise.all(
    witnesses.slice(0, 2).map(({ key, signer }) => cosign(text, key, signer, seenAt)),
  );
  const checkpoint = note + lines.join('');
  const shown = made[SHOWN];
  if (shown === undefined) throw new Error('no such leaf');
  const { leaf, opening, salt, subject } = shown;
  const olderText = checkpointText(log.key.name, { size: OLDER, root: rootOf(hashes.slice(0, OLDER)) });
  const proof = await consistencyProof(OLDER, hashes.length, hashOf);
  return {
    trust: {
      origin: log.key.name,
      keys: [log.key],
      witnesses: witnesses.map(({ key }) => key),
      threshold: 2,
    },
    index: SHOWN,
    subject,
    salt,
    opening: canonicalJson(z.encode(Opening, opening)),
    leaf: fromUtf8(entries[SHOWN] ?? utf8('')),
    leafHash: encodeBase64(hashes[SHOWN] ?? utf8('')),
    checkpoint,
    receipt: formatReceipt({
      leaf,
      opening,
      salt: encodeBase64url(salt),
      index: SHOWN,
      hashes: await inclusionProof(SHOWN, hashes.length, hashOf),
      checkpoint,
    }),
    first: `old 0\n\n${await signCheckpoint(olderText, log.key, log.signer)}`,
    request: [`old ${OLDER}`, ...proof.map(encodeBase64), '', note].join('\n'),
  };
}

function decisionOf(index: number) {
  const salt = sha256(utf8(`example salt ${index}`));
  const subject = encodeBase64url(sha256(utf8(`example subject ${index}`)).slice(0, 16));
  const decidedAt = addSeconds(FIXTURE_NOW, index);
  const opening = { subject: subjectTag(salt, subject), evidence: 'contact', sequence: 2, decidedAt };
  const leaf = {
    v: 1,
    kind: 'decision',
    region: REGION,
    scheme: 'health',
    level: 'yellow',
    rule: 'close-contact-14d@1',
    authority: 'cdc',
    mode: 'automatic',
    at: hourFloor(decidedAt),
    per: 'hour',
    commitment: commitmentOf(salt, opening),
  } satisfies Leaf;
  return { salt, subject, opening, leaf };
}

async function party(name: string, type: NoteType): Promise<{ signer: Signer; key: NoteKey }> {
  const signer = await createLocalSigner(insecurePrivateKeyFromSeed('EdDSA', `example ${name}`));
  return { signer, key: noteKey(name, type, z.parse(Ed25519Jwk, signer.publicJwk)) };
}
