import { isSymbolonError } from '@symbolon/protocol/errors';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import { outcomeOf } from '@symbolon/verifier/outcome';
import { createScanner } from '@symbolon/verifier/scanner';
import type { Trust } from '@symbolon/verifier/trust';
import { openVenueCode, policyOfVenue } from '@symbolon/verifier/venue';
import { encodeVerdict } from '@symbolon/verifier/verdict-json';
import { type Answer, httpFunction, type Route } from '../runtime/http-function.ts';
import { jsonLog, type Log } from '../runtime/log.ts';
import { type VerifierApi, verifierApi } from './dependencies.ts';
import { VerdictRequest } from './requests.ts';

/** The verifier's API: what was shown and what is asked come in, a verdict goes out, and nothing stays but a trace of the presentation for the length of its window, and the policies that were asked with last. */
export const ROUTES: readonly Route<VerifierApi>[] = [
  {
    method: 'POST',
    path: '/verdicts',
    accepts: 'application/json',
    // A venue's code is what the caller sent, and a registry that is too old to read one by is not.
    statuses: { 'content-type-unsupported': 415, 'scheme-unknown': 400, 'stale-block': 503 },
    handle: async (api, { body, now }) => {
      const { presentation, policy, venue } = check(VerdictRequest, body, 'request-malformed');
      const termsBy =
        venue === undefined ? asSent(api, policy) : (trust: Trust) => termsOf(venue, trust, now);
      return byTrust(api, now, async (trust) => {
        const scanner = createScanner(
          await termsBy(trust),
          api.memory === undefined ? {} : { memory: api.memory },
        );
        const verdict = await scanner.scan(presentation, trust, now);
        tell(api.log, verdict);
        return { status: 200, body: encodeVerdict(verdict) };
      });
    },
  },
  {
    method: 'GET',
    path: '/health',
    handle: (api, { now }) =>
      byTrust(api, now, async ({ registry: { version, signedAt } }) => ({
        status: 200,
        body: {
          registryVersion: version,
          signedAt: formatInstant(signedAt),
          ageSeconds: Math.max(0, now - signedAt),
        },
      })),
  },
];

export const handler = httpFunction(jsonLog('verifier-api'), verifierApi, ROUTES);

/** Whatever keeps us from having trust, it is no fault of what was sent: 503. */
async function byTrust(
  { trust }: VerifierApi,
  now: Instant,
  answer: (trust: Trust) => Promise<Answer>,
): Promise<Answer> {
  let at: Trust;
  try {
    at = await trust(now);
  } catch (fault) {
    if (isSymbolonError(fault) && fault.code !== 'internal-error') return { status: 503, fault };
    throw fault;
  }
  return answer(at);
}

/** A policy is read before there is any trust: what is wrong with it is the caller's to mend. @throws SymbolonError `policy-malformed` */
function asSent({ readPolicy }: VerifierApi, policy: unknown): () => Promise<Policy> {
  const read = readPolicy(policy);
  return async () => read;
}

async function termsOf(venue: string, trust: Trust, now: Instant): Promise<Policy> {
  return policyOfVenue(await openVenueCode(venue, trust, now));
}

/** Counts of codes: no presentation, status, id or place. */
function tell(log: Log, verdict: Verdict): void {
  const counts = Map.groupBy(verdict.findings, ({ code }) => code);
  const codes = Object.fromEntries([...counts].map(([code, found]) => [code, found.length]));
  log('verdict.given', { outcome: outcomeOf(verdict), codes });
}
