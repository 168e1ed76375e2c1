import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { checkpointText, type LogTrust, signCheckpoint } from '@symbolon/log/checkpoint';
import { cosign } from '@symbolon/log/cosignature';
import { encodeLeaf } from '@symbolon/log/leaf';
import { parseSignatureLines } from '@symbolon/log/note';
import { NOTE_TYPE, type NoteKey, type NoteType, noteKey } from '@symbolon/log/note-key';
import { inclusionProof } from '@symbolon/log/proofs';
import { formatReceipt } from '@symbolon/log/receipt';
import { utf8 } from '@symbolon/protocol/bytes';
import { type Instant, instant } from '@symbolon/protocol/instant';
import { Ed25519Jwk } from '@symbolon/protocol/schemas/jwk';
import * as z from 'zod/mini';
import { loggedDecisions } from '../../support/decision-leaves.ts';
import { wideTree } from './wide-tree.ts';

const NOW = instant(1_788_768_000);
const HOUR = instant(NOW - (NOW % 3600));
/** Leaves of the tree: an inclusion proof has about twenty hashes. */
const LEAVES = 2 ** 20;

/** One Ed25519 signature in the form in which Node checks it fastest. */
export interface RawEd25519 {
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
  readonly key: KeyObject;
}

export interface MadeReceipt {
  readonly text: string;
  /** Every signature that is in it. */
  readonly raw: readonly RawEd25519[];
}

/** Receipts out of one log, never two of the same: each of another decision, in a tree of another size, with its own checkpoint. */
export interface ReceiptMaker {
  readonly trust: LogTrust;
  make(count: number): Promise<readonly MadeReceipt[]>;
}

/** @param most that will be made in all @param witnesses whose cosignatures are in each */
export async function receiptMaker(most: number, witnesses: number): Promise<ReceiptMaker> {
  const log = await party('log.example/cn-ha', NOTE_TYPE.log);
  const of = await Promise.all(
    Array.from({ length: witnesses }, (_, i) => party(`witness.example/${i + 1}`, NOTE_TYPE.witness)),
  );
  const trust = {
    origin: log.key.name,
    keys: [log.key],
    witnesses: of.map(({ key }) => key),
    threshold: witnesses,
  };
  const decisions = loggedDecisions(most, HOUR, insecureRandomFromSeed('receipts'));
  const hashOf = wideTree(decisions.map(({ leaf }) => encodeLeaf(leaf)));
  let made = 0;
  const makeOne = async (): Promise<MadeReceipt> => {
    const index = made++;
    const decision = decisions[index];
    if (decision === undefined) throw new Error('more receipts than there are decisions');
    const size = LEAVES - index;
    const head = { size, root: new Uint8Array(await hashOf(0, size)) };
    const text = checkpointText(log.key.name, head);
    const note = await signCheckpoint(text, log.key, log.signer);
    const lines = await Promise.all(of.map(({ key, signer }) => cosign(text, key, signer, NOW)));
    const hashes = await inclusionProof(index, size, hashOf);
    return {
      text: formatReceipt({ ...decision, index, hashes, checkpoint: note + lines.join('') }),
      raw: [
        rawOf(log, utf8(text), note.slice(text.length + 1), 0),
        ...lines.map((line, i) => rawOf(of[i] ?? log, cosigned(text, NOW), line, TIME_BYTES)),
      ],
    };
  };
  return {
    trust,
    make: async (count) => {
      const receipts: MadeReceipt[] = [];
      for (let i = 0; i < count; i++) receipts.push(await makeOne());
      return receipts;
    },
  };
}

export function isSignedByEd25519({ data, signature, key }: RawEd25519): boolean {
  return verify(null, data, key, signature);
}

const TIME_BYTES = 8;

interface Party {
  readonly signer: Signer;
  readonly key: NoteKey;
  readonly raw: KeyObject;
}

async function party(name: string, type: NoteType): Promise<Party> {
  const signer = await createLocalSigner(insecurePrivateKeyFromSeed('EdDSA', `bench ${name}`));
  const jwk = z.parse(Ed25519Jwk, signer.publicJwk);
  const raw = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  return { signer, key: noteKey(name, type, jwk), raw };
}

function rawOf({ raw }: Party, data: Uint8Array, line: string, from: number): RawEd25519 {
  const [signature] = parseSignatureLines(line);
  if (signature === undefined) throw new Error('not signed');
  return { data, signature: signature.signature.slice(from), key: raw };
}

/** What a witness signs (C2SP tlog-cosignature). */
function cosigned(text: string, at: Instant): Uint8Array {
  return utf8(`cosignature/v1\ntime ${at}\n${text}`);
}
