import { IN_PERSON_AUDIENCE, windowNonce } from '@symbolon/credential/model';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { bindSdJwt } from '@symbolon/credential/sd-jwt/key-binding';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import type { Signer } from '@symbolon/keys/signer';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { seededSigner } from '../support/federation-fixture.ts';
import { issuerOf } from '../support/large-federation-content.ts';

const holder = await seededSigner('drill holder');
const VALID_HOURS = 6;

/** A green status of someone in that region, shown face to face at `at`. */
export async function showStatus(
  region: string,
  signer: Signer,
  issuedAt: Instant,
  at: Instant,
): Promise<string> {
  const sdJwt = await issueSdJwt({
    issuer: issuerOf(region),
    claims: {
      scheme: 'health',
      major: 1,
      level: 'green',
      rule: 'clear@1',
      authority: 'cdc',
      assurance: 'standard',
      issuedAt,
      expiresAt: addHours(issuedAt, VALID_HOURS),
      holderKey: holder.publicJwk,
      bearer: false,
      contested: false,
    },
    details: { reason: 'No adverse fact is known', evidence: 'no-adverse-fact', initials: 'A. M.' },
    signer,
    random: insecureRandomFromSeed(`${region} ${issuedAt}`),
  });
  return bindSdJwt({
    sdJwt: discloseSdJwt(sdJwt, []),
    audience: IN_PERSON_AUDIENCE,
    nonce: windowNonce(at),
    now: at,
    holder,
  });
}

const policies = new Map<string, Policy>();

/** A gate in that region. One object a region, as its policy is compiled once for each object. */
export function gateIn(region: string): Policy {
  const policy = policies.get(region) ?? {
    region,
    purpose: 'venue-entry',
    schemes: ['health'],
    accept: 'health.level == "green"',
    onContested: 'referred',
    onBearer: 'referred',
    requireNonce: false,
  };
  policies.set(region, policy);
  return policy;
}
