import { sha256 } from '@symbolon/keys/digest';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { SymbolonError } from '@symbolon/protocol/errors';
import { type Instant, isInstant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Basis, ShownStatus, Verdict } from '@symbolon/protocol/schemas/verdict';
import type { Decoded } from './decoded.ts';
import { Findings } from './findings.ts';
import { policyFor } from './policy.ts';
import { accept } from './steps/acceptance.ts';
import { checkBinding } from './steps/binding.ts';
import { decode } from './steps/decode.ts';
import { findKey } from './steps/key.ts';
import { recognise } from './steps/recognition.ts';
import { checkRule } from './steps/rule.ts';
import { checkRuleSet } from './steps/rule-set.ts';
import { findScheme } from './steps/scheme.ts';
import { checkSignature } from './steps/signature.ts';
import { checkStatus } from './steps/status.ts';
import { checkTime } from './steps/time.ts';
import type { Trust } from './trust/trust.ts';

/**
 * The verdict on one presentation (protocol, section 8): a `SYM1:` text, an SD-JWT with or without key binding, or a JSON-LD credential or
 * presentation. No clock, no network, no storage; bad input is a verdict, never an exception.
 *
 * Until the binding step has passed nothing is authentic, and a verdict of that kind hands nothing on. Whether the same presentation was
 * shown here before is not known to this function: see scanner.ts.
 *
 * @throws SymbolonError `policy-malformed`, `instant-malformed` only: a policy or a time that cannot be used is the caller's mistake
 */
export async function verify(
  presentation: string,
  trust: Trust,
  policy: Policy,
  now: Instant,
): Promise<Verdict> {
  // Not a number would pass every comparison of times.
  if (!isInstant(now)) throw new SymbolonError('instant-malformed');
  const compiled = policyFor(policy, trust.registry.schemes);
  const findings = new Findings();
  const refuse = () => notAuthentic(trust, now, findings);

  const decoded = await decode(presentation, trust, findings);
  if (decoded === undefined) return refuse();
  const found = findKey(decoded, trust, now, findings);
  if (found === undefined) return refuse();
  const { view, key } = found;
  if (!(await checkSignature(decoded, key.jwk, findings))) return refuse();
  const scheme = findScheme(decoded, trust, findings);
  if (scheme === undefined) return refuse();
  if (!checkTime(decoded, scheme, trust, now, findings)) return refuse();
  if (!(await checkBinding(decoded, scheme, policy, now, findings))) return refuse();

  // From here on the presentation is authentic.
  const { contested, asOf } = await checkStatus(decoded, view, scheme, trust, policy, now, findings);
  checkRuleSet(scheme, view, findings);
  const rule = checkRule(decoded, view, findings);
  const countsAs = recognise(decoded, view, scheme, rule, trust, policy, now, findings);
  const status = shown(decoded, view.region.region, countsAs, contested);
  accept([status], [scheme], policy, compiled, now, findings);

  return authentic(decoded, status, basisOf(trust, now, asOf), now, findings);
}

function authentic(
  decoded: Decoded,
  status: ShownStatus,
  basis: Basis,
  at: Instant,
  findings: Findings,
): Verdict {
  const common = {
    at,
    basis,
    findings: findings.all(),
    statuses: [status],
    presentationId: encodeBase64url(sha256(decoded.identity)),
  };
  if (findings.has('not-accepted')) return { outcome: 'refused', reason: 'not-accepted', ...common };
  return { outcome: findings.has('referred') ? 'referred' : 'accepted', ...common };
}

function notAuthentic(trust: Trust, at: Instant, findings: Findings): Verdict {
  return {
    outcome: 'refused',
    reason: 'not-authentic',
    at,
    basis: basisOf(trust, at, undefined),
    findings: findings.all().filter(({ severity }) => severity === 'not-authentic'),
  };
}

function basisOf({ registry }: Trust, now: Instant, statusListAt: Instant | undefined): Basis {
  return {
    registryVersion: registry.version,
    signedAt: registry.signedAt,
    ageSeconds: Math.max(0, now - registry.signedAt),
    ...(statusListAt === undefined ? {} : { statusListAt }),
  };
}

function shown(
  { claims, details }: Decoded,
  region: string,
  countsAs: string | undefined,
  contested: boolean,
): ShownStatus {
  return {
    region,
    scheme: claims.scheme,
    level: claims.level,
    ...(countsAs === undefined ? {} : { countsAs }),
    rule: claims.rule,
    authority: claims.authority,
    assurance: claims.assurance,
    issuedAt: claims.issuedAt,
    expiresAt: claims.expiresAt,
    ...(claims.sampledAt === undefined ? {} : { sampledAt: claims.sampledAt }),
    contested,
    bearer: claims.bearer,
    details: { ...details },
  };
}
