import { IN_PERSON_AUDIENCE, windowNonce } from '@symbolon/credential/model';
import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { WINDOW } from '@symbolon/protocol/limits';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Decoded, DecodedBinding } from '../decoded.ts';
import type { Findings } from '../findings.ts';
import { severityOf } from './treatment.ts';

/**
 * Step 5: whoever shows the credential has its key, here and now (protocol, section 6). A credential with a holder key always needs the
 * proof: cutting it off does not make a card of it.
 */
export async function checkBinding(
  decoded: Decoded,
  scheme: Scheme,
  policy: Policy,
  now: Instant,
  findings: Findings,
): Promise<boolean> {
  const { claims, binding } = decoded;
  if (claims.holderKey === undefined) return checkBearer(decoded, scheme, policy, findings);
  const fault =
    binding === undefined
      ? 'binding-missing'
      : ((await faultOfProof(binding, claims.holderKey)) ?? faultOfFreshness(binding, policy, now));
  if (fault === undefined) return true;
  findings.add('binding', fault, 'not-authentic');
  return false;
}

function checkBearer({ binding }: Decoded, scheme: Scheme, policy: Policy, findings: Findings): boolean {
  // A proof by a key that the credential does not name proves nothing.
  const fault: Code | undefined =
    binding !== undefined ? 'binding-malformed' : scheme.bearer ? undefined : 'bearer-not-allowed';
  if (fault !== undefined) {
    findings.add('binding', fault, 'not-authentic');
    return false;
  }
  const asset = scheme.subjects === 'asset';
  findings.add('binding', 'bearer', asset ? 'info' : severityOf(policy.onBearer, 'info'));
  return true;
}

async function faultOfProof(binding: DecodedBinding, holderKey: PublicJwk): Promise<Code | undefined> {
  if (!binding.coversCredential) return 'binding-hash';
  try {
    return (await binding.verify(holderKey)) ? undefined : 'binding-signature';
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    return error.code;
  }
}

function faultOfFreshness(
  { audience, nonce, issuedAt }: DecodedBinding,
  policy: Policy,
  now: Instant,
): Code | undefined {
  const { venue } = policy;
  if (venue === undefined && policy.requireNonce) return 'nonce-required';
  if (audience !== (venue?.audience ?? IN_PERSON_AUDIENCE))
    // REQ-BND-009: made for whoever looks, where the code of the place is to be answered. The holder can mend that at once.
    return audience === IN_PERSON_AUDIENCE ? 'nonce-required' : 'binding-audience';
  if (nonce !== (venue?.nonce ?? windowNonce(issuedAt))) return 'binding-nonce';
  // REQ-BND-005, REQ-BND-006: -30 s <= now - iat <= 60 s, tolerance included.
  if (now - issuedAt > WINDOW.behindSeconds) return 'binding-stale';
  if (issuedAt - now > WINDOW.aheadSeconds) return 'binding-future';
  return undefined;
}
