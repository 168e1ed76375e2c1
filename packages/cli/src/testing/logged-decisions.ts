import { kidOf } from '@symbolon/keys/kid';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { createLocalSigner } from '@symbolon/keys/signer';
import { logTrust, openCheckpoint } from '@symbolon/log/checkpoint';
import { commitmentOf, subjectTag } from '@symbolon/log/commitment';
import { encodeLeaf } from '@symbolon/log/leaf';
import { WITNESSED } from '@symbolon/log/log-store';
import { memoryLogStore } from '@symbolon/log/memory-log';
import { NOTE_TYPE, noteKey } from '@symbolon/log/note-key';
import { inclusionProof } from '@symbolon/log/proofs';
import { formatReceipt } from '@symbolon/log/receipt';
import { type LeafSource, runRound, type WaitingLeaf } from '@symbolon/log/sequencer';
import { tilesOf } from '@symbolon/log/tile-reader';
import { addCheckpoint } from '@symbolon/log/witness';
import { gatherCosignatures } from '@symbolon/log/witness-client';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { hourFloor, type Instant } from '@symbolon/protocol/instant';
import { Ed25519Jwk } from '@symbolon/protocol/schemas/jwk';
import type { DecisionLeaf } from '@symbolon/protocol/schemas/leaf';
import type { LogPlace, Witnesses } from '@symbolon/protocol/schemas/log';

/** A log of decisions in memory: real rounds, real witnesses, real receipts. For tests. */

export type Decided = Pick<DecisionLeaf, 'region' | 'scheme' | 'level' | 'rule' | 'authority'> &
  Partial<Pick<DecisionLeaf, 'mode' | 'approvers'>> & {
    readonly decidedAt: Instant;
    readonly sequence?: number;
  };

export interface LoggedDecisions {
  readonly place: LogPlace;
  readonly witnesses: Witnesses;
  /** Has a decision logged in a round of its own. @returns its receipt, by the log's signature alone or with those of two of three witnesses */
  receipt(decision: Decided, by: 'log' | 'witnesses'): Promise<string>;
}

export async function loggedDecisions(origin: string, now: Instant, seed = origin): Promise<LoggedDecisions> {
  const { signer, jwk } = await noteSigner(`log ${seed}`);
  const key = noteKey(origin, NOTE_TYPE.log, jwk);
  const place: LogPlace = {
    origin,
    url: `https://${origin}`,
    keys: [{ kid: kidOf(jwk), alg: 'EdDSA', jwk }],
  };
  const own = await Promise.all(['a', 'b', 'c'].map((each) => noteSigner(`witness ${each}`)));
  const of = own.map((each, i) => ({
    name: `witness.example/${i}`,
    url: `https://witness.example/${i}`,
    ...{ kid: kidOf(each.jwk), alg: 'EdDSA' as const, jwk: each.jwk },
  }));
  const witnesses: Witnesses = { threshold: 2, of };
  const ports = own.map((each, i) => {
    const name = `witness.example/${i}`;
    const witness = {
      key: noteKey(name, NOTE_TYPE.witness, each.jwk),
      signer: each.signer,
      logs: new Map([[origin, [key]]]),
      store: memoryLogStore(),
    };
    const answer = async (body: string) => {
      const given = await addCheckpoint(witness, body, now);
      return given.is === 'cosigned'
        ? { status: 200, text: given.line }
        : { status: 409, text: `${given.size}\n` };
    };
    return { name, addCheckpoint: answer };
  });
  const trust = logTrust(place, witnesses);
  const stores = { public: memoryLogStore(), private: memoryLogStore() };
  const queue: WaitingLeaf[] = [];
  const source: LeafSource = {
    pending: async (_, memory) => ({ leaves: [...queue], memory }),
    settle: async () => {
      queue.length = 0;
    },
  };
  const random = insecureRandomFromSeed(`receipts ${seed}`);
  return {
    place,
    witnesses,
    receipt: async (decision, by) => {
      const salt = random(32);
      const { decidedAt, sequence = 1, mode = 'automatic', ...rest } = decision;
      const subject = subjectTag(salt, 'subject');
      const opening = { subject, evidence: 'laboratory', sequence, decidedAt };
      const leaf: DecisionLeaf = {
        ...{ v: 1, kind: 'decision', ...rest, mode, per: 'hour' },
        ...{ at: hourFloor(decidedAt), commitment: commitmentOf(salt, opening) },
      };
      queue.push({ leaf: encodeLeaf(leaf), note: null });
      const { size } = await runRound({ stores, key, signer, source });
      if (by === 'witnesses')
        await gatherCosignatures({ store: stores.public, trust, witnesses: ports.slice(0, 2) }, now);
      const note = stores.public.files.get(by === 'witnesses' ? WITNESSED : 'checkpoint');
      if (note === undefined || (await openCheckpoint(note, trust)).size !== size)
        throw new TypeError('the leaf is not in this checkpoint');
      const tiles = tilesOf(async (path) => stores.public.files.get(path), size);
      const [index, hashes] = [size - 1, await inclusionProof(size - 1, size, tiles.hashOf)];
      const checkpoint = new TextDecoder().decode(note);
      return formatReceipt({ leaf, opening, salt: encodeBase64url(salt), index, hashes, checkpoint });
    },
  };
}

async function noteSigner(seed: string) {
  const signer = await createLocalSigner(insecurePrivateKeyFromSeed('EdDSA', seed));
  return { signer, jwk: Ed25519Jwk.parse(signer.publicJwk) };
}
