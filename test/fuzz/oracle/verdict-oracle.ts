import { isDeepStrictEqual } from 'node:util';
import { isCode, requirementOf } from '@symbolon/protocol/codes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import { decodeVerdict, encodeVerdict } from '@symbolon/verifier/verdict-json';
import type { Meter } from '../meter.ts';
import type { Outcome } from '../target.ts';

export type Verify = (text: string) => Promise<Verdict>;

export function failed(why: string): Outcome {
  return { kind: 'failed', why };
}

/** How many times as much work as for the genuine text that needs most, and how much for each character of the mutant. */
const MORE_WORK = 4;
const WORK_PER_CHARACTER = 32;

export function workBound(genuine: number, length: number): number {
  return MORE_WORK * genuine + WORK_PER_CHARACTER * length;
}

/**
 * What a verifier says of a text: the verdict when it takes it; else the outcome. It must be a verdict of the published form, and one that refuses says one code
 * of the closed list and nothing else.
 */
export async function asked(
  text: string,
  verify: Verify,
  meter: Meter,
  bound: number,
): Promise<Outcome | Verdict> {
  meter.take();
  let verdict: Verdict;
  try {
    verdict = await verify(text);
  } catch (error) {
    return failed(`it threw ${isSymbolonError(error) ? error.code : String(error)}`);
  }
  const work = meter.take();
  if (work > bound) return failed(`it read ${work} bytes, ${bound} are enough`);
  if (!isDeepStrictEqual(readBack(verdict), verdict)) return failed('the verdict is not of its form');
  if ('statuses' in verdict) return verdict;
  const [finding] = verdict.findings;
  if (finding === undefined) return failed('it was refused for no reason');
  // Of several credentials each has its own.
  const about = new Set(verdict.findings.map(({ credential }) => credential));
  if (about.size !== verdict.findings.length) return failed('it was refused for several reasons');
  const isClosed = verdict.findings.every(
    ({ code, requirement, severity }) =>
      isCode(code) && requirement === requirementOf(code) && severity === 'not-authentic',
  );
  if (!isClosed) return failed('the code is not of the closed list');
  const { code } = finding;
  return { kind: 'refused', code };
}

/** What another system reads of it. */
function readBack(verdict: Verdict): Verdict | undefined {
  try {
    return decodeVerdict(encodeVerdict(verdict));
  } catch {
    return undefined;
  }
}

/** How two verdicts differ, beyond what is allowed to. */
export function difference(
  verdict: Verdict,
  genuine: Verdict,
  details: unknown,
  sameIdentity: boolean,
): string | undefined {
  if (!('statuses' in verdict) || !('statuses' in genuine)) return 'one of them hands nothing on';
  const [status, ...more] = verdict.statuses;
  const [expected] = genuine.statuses;
  if (status === undefined || expected === undefined || more.length > 0) return 'the number of statuses';
  if (sameIdentity && status.presentationId !== expected.presentationId) return 'the identity';
  if (!isDeepStrictEqual(status.details, details)) return 'the details';
  const { presentationId: _id, details: _details, ...claims } = status;
  const { presentationId: _expectedId, details: _expectedDetails, ...expectedClaims } = expected;
  if (!isDeepStrictEqual(claims, expectedClaims)) return 'the claims';
  const { statuses: _statuses, ...rest } = verdict;
  const { statuses: _expectedStatuses, ...expectedRest } = genuine;
  return isDeepStrictEqual(rest, expectedRest) ? undefined : 'the verdict';
}
