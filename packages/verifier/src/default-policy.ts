import { SymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { celName } from '@symbolon/rules/cel-name';
import { Findings } from './findings.ts';
import { decodeShown } from './steps/decode-shown.ts';
import { regionOfIssuer, type Trust } from './trust/trust.ts';

/**
 * A policy for whoever has none: a favourable level of each scheme that is shown (as the presentation claims), for the first purpose of the first one, as `region`
 * (or else the region that the presentation claims) counts it. It asks for no more than the presentation says of itself, so it suits a first
 * look and a test, not a gate.
 *
 * @throws SymbolonError `policy-malformed` when the registry has no scheme or region at all
 */
export async function defaultPolicy(
  presentation: string | readonly string[],
  trust: Trust,
  region?: string,
): Promise<Policy> {
  // Nothing of this is verified: it chooses the question, and `verify` answers it.
  const shown = (await decodeShown(presentation, trust, new Findings())) ?? [];
  const { schemes, regions } = trust.registry;
  const claimed = new Set(shown.flatMap(({ claims }) => own(schemes, claims.scheme) ?? []));
  const asked = claimed.size > 0 ? [...claimed] : Object.values(schemes).slice(0, 1);
  const issuer = shown.map((each) => regionOfIssuer(trust, each.issuer)?.region.region).find(Boolean);
  const here = region ?? issuer ?? Object.keys(regions)[0];
  const purpose = asked[0]?.purposes[0];
  if (here === undefined || purpose === undefined) throw new SymbolonError('policy-malformed');
  return {
    region: here,
    purpose,
    schemes: asked.map(({ id }) => id),
    accept: asked.map(favourable).join(' && '),
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
