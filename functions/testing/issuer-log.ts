import type { Publication } from '@symbolon/issuer/publication';
import { sampleLogOrigin } from '@symbolon/local/sample/logs';
import { type MemoryLogStore, memoryLogStore } from '@symbolon/log/memory-log';
import { NOTE_TYPE } from '@symbolon/log/note-key';
import { addCheckpoint, type Witness, witnessedPath } from '@symbolon/log/witness';
import type { WitnessPort } from '@symbolon/log/witness-client';
import { fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { LogPlace, Witnesses } from '@symbolon/protocol/schemas/log';
import type { LoggedRegion, LogSequence } from '../log-sequence/dependencies.ts';
import { logRound, type RoundReport } from '../log-sequence/round.ts';
import type { Log } from '../runtime/log.ts';
import { seededNoteSigner } from './note-signers.ts';

const ORIGIN = sampleLogOrigin('CN-BJ');
const WITNESSES = ['witness-1.symbolon.test', 'witness-2.symbolon.test', 'witness-3.symbolon.test'];

/** What the registry says of Beijing's log. */
export async function issuerLogPlace(): Promise<LogPlace> {
  const { signer, key } = await seededNoteSigner(ORIGIN, NOTE_TYPE.log);
  const keys = [{ kid: signer.kid, alg: 'EdDSA' as const, jwk: key.jwk }];
  return { origin: ORIGIN, url: 'https://cn-bj.symbolon.test/log', keys };
}

/** Two of three. */
export async function issuerWitnesses(): Promise<Witnesses> {
  const of = await Promise.all(
    WITNESSES.map(async (name) => {
      const { signer, key } = await seededNoteSigner(name, NOTE_TYPE.witness);
      return { name, url: `https://${name}`, kid: signer.kid, alg: 'EdDSA' as const, jwk: key.jwk };
    }),
  );
  return { threshold: 2, of };
}

/** A real log of a region in memory, with three real witnesses in this process, whose rounds begin when they are told to. */
export interface IssuerLog {
  readonly files: MemoryLogStore;
  /** Names of witnesses that do not answer. */
  readonly down: Set<string>;
  readonly round: () => Promise<RoundReport>;
  /** What a round goes by. */
  readonly sequence: LogSequence;
}

export interface IssuerLogParts {
  readonly stores: LoggedRegion['stores'];
  readonly publication: () => Promise<Publication>;
  readonly now: () => Instant;
  readonly random: RandomBytes;
  readonly log: Log;
}

export async function issuerLog({
  stores,
  publication,
  now,
  random,
  log,
}: IssuerLogParts): Promise<IssuerLog> {
  const { signer, key } = await seededNoteSigner(ORIGIN, NOTE_TYPE.log);
  const files = memoryLogStore();
  const down = new Set<string>();
  const witnesses = await Promise.all(
    WITNESSES.map(async (name) => {
      const own = await seededNoteSigner(name, NOTE_TYPE.witness);
      const witness = { ...own, logs: new Map([[ORIGIN, [key]]]), store: memoryLogStore() };
      return portOf(witness, down, now);
    }),
  );
  const sequence: LogSequence = {
    own: { region: 'CN-BJ', stores, publication },
    below: [],
    stores: { public: files, private: memoryLogStore() },
    signer,
    witnessesOf: () => witnesses,
    random,
    pause: async () => undefined,
    // Every witness is waited for, and everyone is settled.
    timer: () => new Promise(() => {}),
    roundSeconds: 1,
    witnessSeconds: 3,
    runSeconds: 1,
    clock: now,
    log,
  };
  const round = async () => {
    const report = await logRound(sequence, now());
    if (report.failures.length > 0) throw report.failures[0];
    return report;
  };
  return { files, down, round, sequence };
}

function portOf(witness: Witness, down: ReadonlySet<string>, now: () => Instant): WitnessPort {
  const { name } = witness.key;
  return {
    name,
    addCheckpoint: async (body) => {
      if (down.has(name)) throw new Error('the witness is down');
      try {
        const answer = await addCheckpoint(witness, body, now());
        return answer.is === 'cosigned'
          ? { status: 200, text: answer.line }
          : { status: 409, text: `${answer.size}\n` };
      } catch (error) {
        if (!isSymbolonError(error)) throw error;
        return { status: 422, text: '' };
      }
    },
    newest: async (origin) => {
      if (down.has(name)) throw new Error('the witness is down');
      const record = await witness.store.read(witnessedPath(origin));
      return record && fromUtf8(record);
    },
  };
}
