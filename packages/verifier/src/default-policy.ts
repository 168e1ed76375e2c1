import { SymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { celName } from '@symbolon/rules/cel-name';
import { Findings } from './findings.ts';
import { decode } from './steps/decode.ts';
import { regionOfIssuer, type Trust } from './trust/trust.ts';

/**
 * A policy for whoever has none: a favourable level of the scheme that this presentation claims, for the scheme's first purpose, as `region`
 * (or else the region that the presentation claims) counts it. It asks for no more than the presentation says of itself, so it suits a first
 * look and a test, not a gate.
 *
 * @throws SymbolonError `policy-malformed` when the registry has no scheme or region at all
 */
export async function defaultPolicy(presentation: string, trust: Trust, region?: string): Promise<Policy> {
  // Nothing of this is verified: it chooses the question, and `verify` answers it.
  const decoded = await decode(presentation, trust, new Findings());
  const { schemes, regions } = trust.registry;
  const scheme = (decoded && own(schemes, decoded.claims.scheme)) ?? Object.values(schemes)[0];
  const issuer = decoded && regionOfIssuer(trust, decoded.issuer)?.region.region;
  const here = region ?? issuer ?? Object.keys(regions)[0];
  const purpose = scheme?.purposes[0];
  if (scheme === undefined || here === undefined || purpose === undefined) {
    throw new SymbolonError('policy-malformed');
  }
  return {
    region: here,
    purpose,
    schemes: [scheme.id],
    accept: favourable(scheme),
    onContested: 'referred',
    onBearer: 'referred',
    requireNonce: false,
  };
}

function favourable(scheme: Scheme): string {
  const levels = scheme.levels
    .filter(({ effect }) => effect === 'favourable')
    .map(({ id }) => JSON.stringify(id));
  // CEL has no empty list here: where every level is adverse, nothing is accepted.
  return levels.length === 0 ? 'false' : `${celName(scheme.id)}.level in [${levels.join(', ')}]`;
}
