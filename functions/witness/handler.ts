import { addCheckpoint } from '@symbolon/log/witness';
import { fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { httpFunction, type TextRoute } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { type WitnessWorld, witnessWorld } from './dependencies.ts';

const TEXT = 'text/plain; charset=utf-8';
/** C2SP tlog-witness: the size that the witness has, by which the client finds out from where to prove. */
const SIZE = 'text/x.tlog.size';
/** A checkpoint, its proof of so many lines of 45 bytes, and the line before them. */
const LONGEST_REQUEST = LIMITS.checkpointBytes + LIMITS.proofHashes * 45 + 64;

/** A witness of logs (C2SP tlog-witness): it cosigns what is consistent with all that it has cosigned before, and serves the newest of that to monitors. */
export const ROUTES: readonly TextRoute<WitnessWorld>[] = [
  {
    method: 'POST',
    path: '/add-checkpoint',
    reads: 'text',
    maxBytes: LONGEST_REQUEST,
    // The record is our own: that it cannot be read is no fault of who asks.
    statuses: { 'log-unknown': 404, 'log-signature': 403, 'log-fork': 422, 'checkpoint-malformed': 500 },
    handle: async ({ key, signer, logs, store }, { body, now }) => {
      const answer = await addCheckpoint({ key, signer, store, logs: await logs(now) }, body, now);
      return answer.is === 'cosigned'
        ? { status: 200, text: answer.line, contentType: TEXT }
        : { status: 409, text: `${answer.size}\n`, contentType: SIZE };
    },
  },
  {
    method: 'GET',
    path: '/{origin}/checkpoint',
    reads: 'text',
    handle: async ({ store }, { parameters: { origin = '' } }) => {
      const record = /^[0-9a-f]{64}$/.test(origin) ? await store.read(`${origin}/checkpoint`) : undefined;
      if (record === undefined) throw new SymbolonError('not-found');
      return { status: 200, text: fromUtf8(record), contentType: TEXT };
    },
  },
];

export const handler = httpFunction(jsonLog('witness'), witnessWorld, ROUTES);
