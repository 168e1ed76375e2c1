import type { SampleRegion } from '@symbolon/local/sample/regions';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Trust } from '@symbolon/verifier/trust';

/**
 * An independent, simple model of a verdict: what sections 4 to 8 of the protocol say of one honest-looking showing, written as plain cases
 * over a description of it, and not over a credential. The property test holds the verifier to it.
 */

/** One showing and one gate, described. Times are seconds or hours relative to `now`. */
export interface Scenario {
  readonly region: SampleRegion;
  readonly scheme: 'health' | 'test';
  readonly level: string;
  readonly rule: string;
  readonly authority: string;
  /** Whole hours before the hour of `now`; negative is the future. */
  readonly issuedHoursAgo: number;
  readonly validHours: number;
  /** Whole hours before the time of issue. */
  readonly sampledHoursBefore: number | undefined;
  /** Index in the list, or no entry. */
  readonly entry: number | undefined;
  readonly list: 'there' | 'missing' | 'expired' | 'refused' | 'old';
  readonly contested: boolean;
  readonly bearer: boolean;
  readonly proof: 'right' | 'cut off' | 'of another credential' | 'of a stranger';
  readonly proofAge: number;
  readonly answers: 'window' | 'venue' | 'other venue' | 'earlier nonce';
  readonly key: 'good' | 'unknown' | 'of another use' | 'not yet' | 'over' | 'revoked';
  readonly registryAge: number;
  readonly seenAhead: number;
  readonly issuerExpired: boolean;
  readonly homeExpired: boolean;
  readonly home: SampleRegion | 'CN-XX';
  readonly purpose: string;
  readonly asks: readonly ('health' | 'test')[];
  readonly accept: 'favourable' | 'anything' | 'not adverse' | 'two days';
  readonly onContested: Policy['onContested'];
  readonly onBearer: Policy['onBearer'];
  readonly requireNonce: boolean;
  readonly atVenue: boolean;
}

export interface Expected {
  readonly outcome: 'accepted' | 'referred' | 'not-accepted' | 'not-authentic';
  /** `code severity`, in no order. */
  readonly findings: readonly string[];
  readonly countsAs: string | undefined;
}

/** Seconds into the hour at which everything is shown. */
export const INTO_THE_HOUR = 1200;
const HOUR = 3600;
const FAVOURABLE = { health: 'green', test: 'negative' };
const ADVERSE = { health: 'red', test: 'positive' };
const LEVELS = { health: ['green', 'amber', 'red'], test: ['negative', 'positive'] };
const PURPOSES = {
  health: ['venue-entry', 'public-transport', 'interregional-travel'],
  test: ['venue-entry', 'interregional-travel', 'hospital-visit'],
};

export function expectedOf(scenario: Scenario, trust: Trust): Expected {
  const forged = forgery(scenario);
  if (forged !== undefined) {
    return { outcome: 'not-authentic', findings: [`${forged} not-authentic`], countsAs: undefined };
  }
  const recognised = recognition(scenario, trust);
  const countsAs = recognised.level;
  const findings = [
    ...ages(scenario),
    ...validity(scenario),
    ...status(scenario),
    ...ruling(scenario, trust),
    ...recognised.findings,
    ...acceptance(scenario, countsAs, recognised.findings.includes('recognition-missing referred')),
  ];
  const graver = (severity: string) => findings.some((finding) => finding.endsWith(` ${severity}`));
  const outcome = graver('not-accepted') ? 'not-accepted' : graver('referred') ? 'referred' : 'accepted';
  return { outcome, findings, countsAs };
}

/** Why nothing of it may be believed: the first reason. */
function forgery(s: Scenario): string | undefined {
  if (s.key !== 'good') {
    const codes = {
      unknown: 'key-unknown',
      'of another use': 'key-use',
      'not yet': 'key-not-valid-then',
      over: 'key-not-valid-then',
      revoked: 'key-revoked',
    };
    return codes[s.key];
  }
  if (s.validHours < 1 || s.validHours > 24) return 'validity-too-long';
  // Of the sample's schemes only the test has an age.
  if (s.sampledHoursBefore !== undefined && (s.scheme === 'health' || s.sampledHoursBefore < 0))
    return 'sample-time';
  if (s.bearer) return s.scheme === 'test' ? 'bearer-not-allowed' : undefined;
  if (s.proof === 'cut off') return 'binding-missing';
  if (s.proof === 'of another credential') return 'binding-hash';
  if (s.proof === 'of a stranger') return 'binding-signature';
  if (s.requireNonce && !s.atVenue) return 'nonce-required';
  const asked = s.atVenue ? 'venue' : 'window';
  if (s.answers === 'window' && s.atVenue) return 'nonce-required';
  if (s.answers !== asked && s.answers !== 'earlier nonce') return 'binding-audience';
  if (s.answers === 'earlier nonce') return 'binding-nonce';
  if (s.proofAge > 60) return 'binding-stale';
  return s.proofAge < -30 ? 'binding-future' : undefined;
}

function grade(seconds: number): string[] {
  if (seconds >= 240 * HOUR) return ['stale-block not-accepted'];
  if (seconds >= 96 * HOUR) return ['stale-refer referred'];
  return seconds >= 26 * HOUR ? ['stale-warn warn'] : [];
}

function ages(s: Scenario): string[] {
  return [
    ...grade(s.registryAge),
    ...(s.issuerExpired ? ['region-expired referred'] : []),
    ...(s.seenAhead > 30 ? ['clock referred'] : []),
  ];
}

function validity(s: Scenario): string[] {
  const begin = -s.issuedHoursAgo * HOUR - INTO_THE_HOUR;
  const card = { accepted: 'info', referred: 'referred', refused: 'not-accepted' }[s.onBearer];
  return [
    ...(begin + s.validHours * HOUR <= 0 ? ['expired not-accepted'] : []),
    ...(begin > 30 ? ['not-yet-valid not-accepted'] : []),
    ...(s.bearer ? [`bearer ${card}`] : []),
  ];
}

function status(s: Scenario): string[] {
  const contest = { accepted: 'warn', referred: 'referred', refused: 'not-accepted' }[s.onContested];
  const read = s.entry !== undefined && (s.list === 'there' || s.list === 'old');
  const said = read
    ? [[], ['status-revoked not-accepted'], ['status-suspended not-accepted'], []][s.entry]
    : [];
  const unread = {
    there: [],
    old: ['stale-refer referred'],
    missing: ['status-list-missing referred'],
    expired: ['status-list-expired referred'],
    refused: ['status-list-rollback referred'],
  };
  return [
    ...(s.entry === undefined && s.validHours > 6 ? ['status-required not-accepted'] : []),
    ...(s.entry === undefined ? [] : unread[s.list]),
    ...(said ?? ['status-index not-accepted']),
    ...(s.contested || (read && s.entry === 3) ? [`status-contested ${contest}`] : []),
  ];
}

function ruling(s: Scenario, trust: Trust): string[] {
  const published = trust.registry.regions[s.region];
  const rule = published?.ruleSets[s.scheme]?.rules.find(({ id, version }) => `${id}@${version}` === s.rule);
  if (rule === undefined) return ['rule-unknown not-accepted'];
  // Every rule of the sample is in force but one, which ended an hour before the hour of `now`.
  const ended = rule.id === 'winter' && s.issuedHoursAgo <= 1;
  const offices = Object.keys(published?.region.authorities ?? {});
  const listed = rule.authorities.includes(s.authority) && offices.includes(s.authority);
  return [
    ...(ended ? ['rule-not-in-force not-accepted'] : []),
    ...(rule.level === s.level ? [] : ['rule-level not-accepted']),
    ...(listed ? [] : ['authority-unknown not-accepted']),
  ];
}

/** The sample's recognition files, in words. */
function recognition(s: Scenario, trust: Trust): { level: string | undefined; findings: string[] } {
  const refused = (code: string, ...more: string[]) => ({ level: undefined, findings: [code, ...more] });
  if (!LEVELS[s.scheme].includes(s.level)) return refused('level-unknown not-accepted');
  if (s.home === s.region) return { level: s.level, findings: [] };
  if (s.home === 'CN-XX') return refused('recognition-missing referred');
  const expired = s.homeExpired ? ['region-expired referred'] : [];
  const unmet = refused('recognition-condition not-accepted', ...expired);
  const met = (level = s.level) => ({ level, findings: expired });
  if (s.scheme === 'health') {
    // Guangdong's amber is red in Beijing; in Henan its levels count when the CDC decided.
    if (s.home === 'CN-BJ') return met(s.region === 'CN-GD' && s.level === 'amber' ? 'red' : s.level);
    return s.home === 'CN-HA' && s.region === 'CN-GD' && s.authority !== 'cdc' ? unmet : met();
  }
  const longest = s.home === 'CN-HA' ? 168 : 72;
  const age = (s.issuedHoursAgo + (s.sampledHoursBefore ?? 0)) * HOUR + INTO_THE_HOUR;
  const young = s.sampledHoursBefore !== undefined && age <= longest * HOUR;
  const laboratory = !ruling(s, trust).includes('rule-unknown not-accepted');
  if (!young) return unmet;
  if (s.home === 'CN-BJ' && !laboratory) return unmet;
  return s.home === 'CN-HA' && s.authority !== 'cdc' ? unmet : met();
}

function acceptance(s: Scenario, countsAs: string | undefined, unknown: boolean): string[] {
  const [asked = 'health'] = s.asks;
  const seen = asked === s.scheme ? countsAs : undefined;
  const age = (s.issuedHoursAgo + (s.sampledHoursBefore ?? 0)) * HOUR + INTO_THE_HOUR;
  const met = {
    favourable: seen === FAVOURABLE[asked],
    anything: true,
    'not adverse': seen !== undefined && seen !== ADVERSE[asked],
    // Of a test without sample time nobody knows the age.
    'two days':
      seen !== undefined && (asked === 'health' || s.sampledHoursBefore !== undefined) && age < 48 * HOUR,
  }[s.accept];
  return [
    ...(PURPOSES[s.scheme].includes(s.purpose) ? [] : ['purpose-not-listed not-accepted']),
    ...(s.asks.includes(s.scheme) ? [] : ['scheme-not-asked not-accepted']),
    ...(met || unknown ? [] : ['policy-not-met not-accepted']),
  ];
}

/** The policy of a scenario's gate, for the verifier. The expressions are about the first scheme that is asked for. */
export function policyOf(s: Scenario, venue: NonNullable<Policy['venue']>): Policy {
  const [asked = 'health'] = s.asks;
  const accept = {
    favourable: `${asked}.level == "${FAVOURABLE[asked]}"`,
    anything: 'true',
    'not adverse': `${asked}.level != "${ADVERSE[asked]}"`,
    'two days': `${asked}.age < duration("48h")`,
  }[s.accept];
  const { home, purpose, onContested, onBearer, requireNonce } = s;
  const policy = { region: home, purpose, schemes: [...s.asks], accept, onContested, onBearer, requireNonce };
  return s.atVenue ? { ...policy, venue } : policy;
}
