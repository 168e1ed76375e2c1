import { type ParsedVenueCode, readVenueCode } from '@symbolon/credential/venue-code';
import { verifySignature } from '@symbolon/keys/signature';
import { SymbolonError } from '@symbolon/protocol/errors';
import { type Instant, isInstant } from '@symbolon/protocol/instant';
import { WINDOW } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { withoutSpaceAround } from '@symbolon/protocol/white-space';
import type { RegionView } from '@symbolon/registry/registry-view';
import { Findings } from '../findings.ts';
import { policyFor } from '../policy.ts';
import { gradeAge } from '../steps/freshness.ts';
import { publishedKeyOf } from '../trust/published-key.ts';
import { regionOfIssuer, type Trust } from '../trust/trust.ts';
import { audienceOfVenue, policyOfVenue, type VenueCode } from './venue-code.ts';

/**
 * Checks a venue code, as a `SYMV1:` text or as a compact JWS, before a place asks by it and before a wallet answers it. The region that
 * signed it has published the key for venues, so neither the purpose nor the policy is the venue's own word.
 *
 * Not checked: whether whoever shows the code is that venue (anyone can copy it); a registry that is old but not yet too old, an expired region or
 * root, and a clock that is behind, since the verdict on the presentation grades these.
 *
 * @param text spaces, tabs and line ends around it are ignored
 * @throws SymbolonError `venue-code-malformed`, `packing-version-unknown`, `type-unexpected`, `algorithm-none`, `algorithm-mismatch`; `stale-block`;
 *   `issuer-unknown`, what `publishedKeyOf` throws, `signature-invalid`, `key-malformed`; `venue-code-expired`, `venue-code-future`;
 *   `scheme-unknown`, `purpose-not-listed`, `policy-malformed`; `instant-malformed` when `now` is no time
 */
export async function openVenueCode(text: string, trust: Trust, now: Instant): Promise<VenueCode> {
  // Not a number would pass every comparison of times.
  if (!isInstant(now)) throw new SymbolonError('instant-malformed');
  // Whatever the types promise: what is scanned may come from anywhere.
  if (typeof text !== 'string') throw new SymbolonError('venue-code-malformed');
  const parsed = readVenueCode(withoutSpaceAround(text));
  refuseStale(trust, now);
  const { claims } = parsed;
  const view = regionOfIssuer(trust, claims.iss);
  if (view === undefined) throw new SymbolonError('issuer-unknown');
  const key = publishedKeyOf(view, 'venue', { ...parsed, issuedAt: claims.iat });
  if (!(await verifySignature(key.jwk, parsed.signingInput, parsed.signature)))
    throw new SymbolonError('signature-invalid');
  // REQ-VEN-002, REQ-VEN-003
  if (now >= claims.exp) throw new SymbolonError('venue-code-expired');
  if (claims.iat > now + WINDOW.aheadSeconds) throw new SymbolonError('venue-code-future');
  const code = codeOf(parsed, view);
  refuseUnusable(code, trust);
  return code;
}

/** REQ-REG-016: a key that has been revoked since is not known to be. */
function refuseStale({ registry }: Trust, now: Instant): void {
  const findings = new Findings();
  gradeAge('key', registry.signedAt, registry.federation.freshness, now, findings);
  if (findings.includes('stale-block')) throw new SymbolonError('stale-block');
}

function codeOf({ kid, claims }: ParsedVenueCode, { region: { region } }: RegionView): VenueCode {
  const { venue, title, purpose, schemes, accept, onContested, onBearer, nonce, iat, exp } = claims;
  return {
    region,
    venue,
    ...(title === undefined ? {} : { title }),
    purpose,
    schemes,
    accept,
    onContested,
    onBearer,
    audience: audienceOfVenue(region, venue),
    nonce,
    issuedAt: iat,
    expiresAt: exp,
    kid,
  };
}

/** The purpose is the scheme's: what no scheme may be used for, no region can ask for. */
function refuseUnusable(code: VenueCode, { registry: { schemes } }: Trust): void {
  for (const id of code.schemes) {
    const scheme = own(schemes, id);
    if (scheme === undefined) throw new SymbolonError('scheme-unknown');
    if (!scheme.purposes.includes(code.purpose)) throw new SymbolonError('purpose-not-listed');
  }
  policyFor(policyOfVenue(code), schemes);
}
