import { readFile } from 'node:fs/promises';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { defaultPolicy } from '@symbolon/verifier/default-policy';
import { readPolicy } from '@symbolon/verifier/policy';
import type { Trust } from '@symbolon/verifier/trust';
import { openVenueCode, policyOfVenue } from '@symbolon/verifier/venue';
import { givenBy } from './files/file-fault.ts';
import { venueInput } from './venue/venue-input.ts';

/** A policy in a file, or a venue's code in another. */
export interface PolicyChoice {
  readonly policy?: string;
  readonly venue?: string;
  readonly region?: string;
}

/**
 * The policy in a file or of a venue, or without either: a favourable level of the schemes that are shown, for the first one's first purpose, as the region given
 * (or else the issuer's) counts it.
 *
 * @throws SymbolonError `policy-malformed`, what `openVenueCode` and `readPresentation` throw
 */
export async function policyOption(
  choice: PolicyChoice,
  presentations: readonly string[],
  trust: Trust,
  now: Instant,
): Promise<Policy> {
  return (await gatePolicy(choice, trust, now)) ?? defaultPolicy(presentations, trust, choice.region);
}

/** The policy that a place has, whatever is shown to it. @throws as `policyOption` */
export async function gatePolicy(
  { policy, venue }: PolicyChoice,
  trust: Trust,
  now: Instant,
): Promise<Policy | undefined> {
  if (policy !== undefined) return readPolicyFile(policy);
  if (venue === undefined) return undefined;
  return givenBy('--venue', async () =>
    policyOfVenue(await openVenueCode(await venueInput(venue), trust, now)),
  );
}

/** @throws SymbolonError `policy-malformed`, also of a file that cannot be read */
export async function readPolicyFile(file: string): Promise<Policy> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new SymbolonError('policy-malformed', { path: '(file)' });
  });
  try {
    return readPolicy(parseStrictJson(text));
  } catch (error) {
    if (error instanceof SymbolonError && error.code === 'policy-malformed') throw error;
    throw new SymbolonError('policy-malformed', { path: '(file)' });
  }
}
