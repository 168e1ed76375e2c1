import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { createLocalSigner } from '@symbolon/keys/signer';
import { fileObjects } from '@symbolon/local/files/objects';
import { encodeLeaf } from '@symbolon/log/leaf';
import { NOTE_TYPE, noteKey } from '@symbolon/log/note-key';
import { type LeafSource, runRound, type Sequencer, type WaitingLeaf } from '@symbolon/log/sequencer';
import { instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { Ed25519Jwk } from '@symbolon/protocol/schemas/jwk';
import * as z from 'zod/mini';
import { loggedDecisions } from '../../support/decision-leaves.ts';
import type { Figure } from '../figure.ts';
import { type Settings, sampleOf } from '../measure.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const HOUR = instant(1_788_768_000);

/**
 * Leaves that one log takes in a second of the clock, not of the processor: it waits for the disk, as each file is flushed before it counts. Rounds as large as
 * they get, in a log that grows, each from what waits to what is settled.
 */
export async function sequencedPerSecond(settings: Settings): Promise<Figure> {
  const count = settings.operations ?? LIMITS.roundLeaves;
  const warmUp = Math.ceil(settings.rounds / 3);
  const perSecond: number[] = [];
  await inTemporaryFolder(async (folder) => {
    const { log, refill } = await logOnFiles(folder);
    for (let round = -warmUp; round < settings.rounds; round++) {
      settings.progress('log.leavesPerSecond', Math.max(0, round), settings.rounds);
      refill(count);
      const before = performance.now();
      const { added } = await runRound(log, count);
      const seconds = (performance.now() - before) / 1000;
      if (added !== count) throw new Error('log.leavesPerSecond: the work was not done as it must be.');
      if (round >= 0) perSecond.push(count / seconds);
    }
  });
  const { min, median, max } = sampleOf(perSecond);
  return { value: median, spread: { min, max }, unit: 'leaves/s', better: 'higher' };
}

async function logOnFiles(folder: string): Promise<{ log: Sequencer; refill: (count: number) => void }> {
  const signer = await createLocalSigner(insecurePrivateKeyFromSeed('EdDSA', 'bench log'));
  const random = insecureRandomFromSeed('sequencing');
  const placeOf = (name: string) => pathToFileURL(`${join(folder, name)}/`);
  let waits: readonly WaitingLeaf[] = [];
  let settled = 0;
  const source: LeafSource = {
    pending: async (limit, memory) => ({ leaves: waits.slice(0, limit), memory }),
    settle: async (placed) => {
      // Each place follows the last one: nothing was lost or doubled.
      for (const { index } of placed) if (index !== settled++) throw new Error('a leaf is out of its place');
      waits = waits.slice(placed.length);
    },
  };
  const log = {
    stores: {
      public: fileObjects(placeOf('public')),
      private: fileObjects(placeOf('private'), { secret: true }),
    },
    key: noteKey('log.example/cn-ha', NOTE_TYPE.log, z.parse(Ed25519Jwk, signer.publicJwk)),
    signer,
    source,
  };
  const refill = (count: number) => {
    waits = loggedDecisions(count, HOUR, random).map(({ leaf, salt, opening: { subject } }) => ({
      leaf: encodeLeaf(leaf),
      note: { salt, subject, scheme: leaf.scheme, sequence: 1 },
    }));
  };
  return { log, refill };
}
