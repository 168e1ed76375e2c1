import { own } from '@symbolon/protocol/own';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Decoded } from '../decoded.ts';
import type { Findings } from '../findings.ts';
import type { Trust } from '../trust/trust.ts';

/** What the status means, from the registry: without it neither validity nor level can be judged. */
export function findScheme({ claims }: Decoded, trust: Trust, findings: Findings): Scheme | undefined {
  const scheme = own(trust.registry.schemes, claims.scheme);
  if (scheme === undefined || scheme.major !== claims.major) {
    findings.add('time', 'scheme-unknown', 'not-authentic');
    return undefined;
  }
  return scheme;
}
