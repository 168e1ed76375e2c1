import { witnessedPath } from '@symbolon/log/witness';
import type { WitnessPort } from '@symbolon/log/witness-client';
import { fromUtf8 } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Witnesses } from '@symbolon/protocol/schemas/log';
import { readAtMost } from '@symbolon/registry/read-stream';

/** For one answer, from the request to its last byte: a slow witness is a silent one. */
const TIMEOUT_SECONDS = 3;

/** The witnesses that a federation names, over HTTP (C2SP tlog-witness): each is asked with a bound on time and on what it may answer. */
export function httpWitnesses(
  witnesses: Witnesses | undefined,
  timeoutSeconds: number = TIMEOUT_SECONDS,
): readonly WitnessPort[] {
  return (witnesses?.of ?? []).map(({ name, url }) => ({
    name,
    addCheckpoint: async (body, signal) => {
      const response = await fetch(`${url.replace(/\/$/, '')}/add-checkpoint`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        ...BOUND,
        signal: within(timeoutSeconds, signal),
      });
      return { status: response.status, text: await textOf(response) };
    },
    newest: async (origin, signal) => {
      const response = await fetch(`${url.replace(/\/$/, '')}/${witnessedPath(origin)}`, {
        ...BOUND,
        signal: within(timeoutSeconds, signal),
      });
      const text = await textOf(response);
      return response.status === 200 ? text : undefined;
    },
  }));
}

// Where a witness is, the federation says, and not whoever answers: a redirect could lead inside a network.
const BOUND = { credentials: 'omit', redirect: 'error' } as const;

function within(timeoutSeconds: number, signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  return signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
}

async function textOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  return fromUtf8(await readAtMost(body, LIMITS.checkpointBytes, 'checkpoint-malformed'));
}
