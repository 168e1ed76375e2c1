import { SymbolonError } from '@symbolon/protocol/errors';
import { type Instant, instant, isInstant } from '@symbolon/protocol/instant';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { ShownStatus, Verdict } from '@symbolon/protocol/schemas/verdict';
import type { Decoded } from './decoded.ts';
import { Findings } from './findings.ts';
import { policyFor } from './policy.ts';
import { accept, acceptScheme } from './steps/acceptance.ts';
import { checkBinding } from './steps/binding.ts';
import { decodeShown } from './steps/decode-shown.ts';
import { findKey, gradeRegistry } from './steps/key.ts';
import { checkOneHolder } from './steps/one-holder.ts';
import { recognise } from './steps/recognition.ts';
import { checkRule } from './steps/rule.ts';
import { checkRuleSet } from './steps/rule-set.ts';
import { findScheme } from './steps/scheme.ts';
import { checkSignature } from './steps/signature.ts';
import { checkStatus } from './steps/status.ts';
import { checkTime } from './steps/time.ts';
import type { Trust } from './trust/trust.ts';
import { authenticVerdict, notAuthentic, shownStatus } from './verdict-of.ts';

/**
 * The verdict on what was shown (protocol, section 8): one presentation, or several that were shown together, each a `SYM1:` text, an SD-JWT with or without
 * key binding, or a JSON-LD credential or presentation. No clock, no network, no storage; bad input is a verdict, never an exception.
 *
 * Several are one showing: all must be authentic, all of one holder (`onSeveralHolders`), and the policy is met by all of them together. Until the binding step
 * of the last one has passed nothing is authentic, and a verdict of that kind hands nothing on. Whether the same presentation was shown here before is not known
 * to this function: see scanner.ts.
 *
 * @throws SymbolonError `policy-malformed`, `instant-malformed` only: a policy or a time that cannot be used is the caller's mistake
 */
export async function verify(
  presentation: string | readonly string[],
  trust: Trust,
  asked: Policy,
  now: Instant,
): Promise<Verdict> {
  // Not a number would pass every comparison of times.
  if (!isInstant(now)) throw new SymbolonError('instant-malformed');
  const compiled = policyFor(asked, trust.registry.schemes);
  const { policy } = compiled;
  const findings = new Findings();

  const shown = await decodeShown(presentation, trust, findings);
  if (shown !== undefined) gradeRegistry(trust, now, findings);
  const authentic: Authentic[] = [];
  for (const [index, decoded] of (shown ?? []).entries()) {
    findings.about(shown?.length === 1 ? undefined : index);
    const one = await authenticate(decoded, trust, policy, now, findings);
    if (one !== undefined) authentic.push(one);
  }
  if (authentic.length === 0 || authentic.length !== shown?.length) return notAuthentic(trust, now, findings);

  const statuses: ShownStatus[] = [];
  let statusListAt: Instant | undefined;
  for (const [index, one] of authentic.entries()) {
    findings.about(authentic.length === 1 ? undefined : index);
    const { status, asOf } = await judge(one, trust, policy, now, findings);
    statuses.push(status);
    if (asOf !== undefined) statusListAt = instant(Math.min(asOf, statusListAt ?? asOf));
  }
  findings.about(undefined);
  if (authentic.length > 1) checkOneHolder(authentic.flatMap(holderKeyOf), policy, findings);
  accept(statuses, compiled, now, findings);

  return authenticVerdict(statuses, trust, statusListAt, now, findings);
}

type Authentic = Awaited<ReturnType<typeof authenticate>> & {};

/** Steps 2 to 5: whether it is what it says it is, and shown by whom it belongs to, here and now. */
async function authenticate(
  decoded: Decoded,
  trust: Trust,
  policy: Policy,
  now: Instant,
  findings: Findings,
) {
  const found = findKey(decoded, trust, now, findings);
  if (found === undefined) return undefined;
  const { view, key } = found;
  if (!(await checkSignature(decoded, key.jwk, findings))) return undefined;
  const scheme = findScheme(decoded, trust, findings);
  if (scheme === undefined) return undefined;
  if (!checkTime(decoded, scheme, trust, now, findings)) return undefined;
  if (!(await checkBinding(decoded, scheme, policy, now, findings))) return undefined;
  return { decoded, view, scheme };
}

/** Steps 6 to 9 of one credential that is authentic. */
async function judge(
  { decoded, view, scheme }: Authentic,
  trust: Trust,
  policy: Policy,
  now: Instant,
  findings: Findings,
): Promise<{ status: ShownStatus; asOf: Instant | undefined }> {
  const { contested, asOf } = await checkStatus(decoded, view, scheme, trust, policy, now, findings);
  checkRuleSet(scheme, view, findings);
  const rule = checkRule(decoded, view, findings);
  const countsAs = recognise(decoded, view, scheme, rule, trust, policy, now, findings);
  acceptScheme(scheme, policy, findings);
  return { status: shownStatus(decoded, view.region.region, countsAs, contested), asOf };
}

function holderKeyOf({ decoded }: Authentic): readonly PublicJwk[] {
  const { holderKey } = decoded.claims;
  return holderKey === undefined ? [] : [holderKey];
}
