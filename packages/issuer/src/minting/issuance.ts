import type { Signer } from '@symbolon/keys/signer';
import { SymbolonError } from '@symbolon/protocol/errors';
import { parseRuleRef } from '@symbolon/protocol/ids';
import { HOUR_SECONDS, hourFloor, type Instant, instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { signingOrder } from '@symbolon/registry/epochs';
import type { Decision } from '../decisions/decision.ts';
import type { Tallies } from '../ports.ts';
import { type Publication, schemeOf, signerFor } from '../publication.ts';
import { type ClassOf, classKey, isCounted, isSmall, shownSample, slotStart } from './class-size.ts';
import type { MintRecord } from './mint-record.ts';
import { type Format, type Validity, validityFrom, validityHours } from './validity.ts';

/** The terms under which one decision is minted now: what all credentials of a batch share. */
export interface Issuance extends Validity {
  readonly scheme: Scheme;
  readonly rule: Rule;
  readonly signer: Signer;
  /** As it is published. */
  readonly key: RegionKey;
  /** On the hour, as the credentials say it. */
  readonly sampledAt: Instant | undefined;
  /** The tally in which the subject is to be counted once its mint is recorded. */
  readonly countIn: string | undefined;
}

export interface IssuancePorts {
  readonly tallies: Tallies;
  readonly signers: readonly Signer[];
}

/**
 * Everything that a verifier will hold against the times: the rule is in force, the key valid and the sample taken at `iat`. A class that is too small shares
 * its `iat` with a slot of half the validity, but not from before the rule, the sample or the oldest key that can sign.
 *
 * @param living the subject's mints of this scheme
 * @throws SymbolonError `no-decision` (the status has ended), `scheme-unknown`, `rule-unknown`, `rule-not-in-force`, `issuer-key-unavailable`
 */
export async function issuanceOf(
  { tallies, signers }: IssuancePorts,
  publication: Publication,
  { decision, format }: { readonly decision: Decision; readonly format: Format },
  living: readonly MintRecord[],
  now: Instant,
): Promise<Issuance> {
  // REQ-ISS-008
  if (decision.mode === 'ended') throw new SymbolonError('no-decision');
  const scheme = schemeOf(publication, decision.scheme);
  const rule = ruleOf(publication, decision);
  const hour = hourFloor(now);
  if (hour < rule.from || hour >= rule.sunset) throw new SymbolonError('rule-not-in-force');
  const of: ClassOf = { ...decision, format };
  const sampledAt = shownSample(of, hour);

  const keys = usableKeys(publication, signers, now);
  const oldestKey = Math.min(...keys.map(({ notBefore }) => notBefore));
  const slot = slotStart(hour, validityHours(scheme));
  const coarse = instant(Math.min(hour, Math.max(slot, rule.from, sampledAt ?? 0, oldestKey)));
  const tally = classKey(of, hour);
  const small = isSmall(await tallies.read(tally), hour, publication.federation.smallestClass);
  const validity = validityFrom(scheme, small ? coarse : hour);
  return {
    ...validity,
    ...signerFor({ ...publication, keys }, 'credential', validity.issuedAt, signers),
    scheme,
    rule,
    sampledAt,
    countIn: isCounted(living, tally, validity.issuedAt) ? undefined : tally,
  };
}

/** After the mint is recorded: a crash between the two leaves the class looking smaller than it is. */
export async function countInClass(tallies: Tallies, { countIn }: Issuance, now: Instant): Promise<void> {
  if (countIn !== undefined) await tallies.add(countIn, hourFloor(now) / HOUR_SECONDS, 1);
}

function ruleOf(publication: Publication, decision: Decision): Rule {
  const ref = parseRuleRef(decision.rule);
  const rule = own(publication.ruleSets, decision.scheme)?.rules.find(
    ({ id, version }) => id === ref.id && version === ref.version,
  );
  if (rule === undefined) throw new SymbolonError('rule-unknown');
  return rule;
}

/** A key that has ended signs nothing any more, also nothing that is dated back to when it had not. */
function usableKeys({ keys }: Publication, signers: readonly Signer[], now: Instant): readonly RegionKey[] {
  return signingOrder(keys, 'credential', now).filter((key) =>
    signers.some(({ kid, alg }) => kid === key.kid && alg === key.alg),
  );
}
