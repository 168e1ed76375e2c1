import type { PassedOver } from '@symbolon/issuer/passed-over';
import type { LogTrust } from '@symbolon/log/checkpoint';
import type { TreeHead } from '@symbolon/log/proofs';
import { seenByWitnesses, type WitnessPort, type WitnessRun, witnessRun } from '@symbolon/log/witness-client';
import type { LogSequence } from './dependencies.ts';

/** What a run remembers between its rounds. It is memory only: the next run begins without it. */
export interface Run {
  readonly witnesses: WitnessRun;
  /** What the witnesses have seen of this log, asked once, before the first tree that the run signs. */
  readonly seen: (witnesses: readonly WitnessPort[], trust: LogTrust) => Promise<readonly TreeHead[]>;
  /** By region. */
  readonly settling: Map<string, RegionSettling>;
  /** Whose turn it is to be settled first. */
  turn: number;
}

export interface RegionSettling {
  /** What was looked at in this run, and waits on. */
  readonly passedOver: PassedOver;
  /** The witnessed size at which all were looked at, of as many as are read at most. */
  doneAt: number;
  /** How many times that was so. */
  looks: number;
}

export function newRun({ timer, witnessSeconds }: Pick<LogSequence, 'timer' | 'witnessSeconds'>): Run {
  let seen: Promise<readonly TreeHead[]> | undefined;
  return {
    witnesses: witnessRun(timer, witnessSeconds * 1000),
    seen: (witnesses, trust) => (seen ??= seenByWitnesses(witnesses, trust, timer)),
    settling: new Map(),
    turn: 0,
  };
}
