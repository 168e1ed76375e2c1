import { IN_PERSON_AUDIENCE, type StatusClaims, windowNonce } from '@symbolon/credential/model';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { addHours, addSeconds, hourFloor } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { Verdict } from '@symbolon/protocol/schemas/verdict';
import type { Trust } from '@symbolon/verifier/trust';
import { verify } from '@symbolon/verifier/verify';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { summary } from '../support/expect-verdict.ts';
import type { FederationFixture } from '../support/federation-fixture.ts';
import { expectedOf, INTO_THE_HOUR, policyOf, type Scenario } from '../support/verdict-model.ts';
import { attacker, foundFederation, LIST_ID, NOW, openedFrom } from '../support/verifier-federation.ts';
import { bind, holder, mint } from '../support/verifier-showings.ts';

/** Property (a): for any showing at any gate, the verdict is the model's. */

const VENUE = { audience: 'urn:venue:guangzhou-south', nonce: 'AAECAwQFBgcICQoLDA0ODw' };

let fixture: FederationFixture;
let base: Trust;

beforeAll(async () => {
  fixture = await foundFederation();
  base = (await openedFrom(fixture)).trust;
  expect(NOW - hourFloor(NOW)).toBe(INTO_THE_HOUR);
});

/** Showings that are accepted, one for each level that is favourable and each region, and what may be otherwise about them. */
const GOOD: Omit<Scenario, 'scheme' | 'level' | 'rule' | 'sampledHoursBefore' | 'asks' | 'region'> = {
  authority: 'cdc',
  issuedHoursAgo: 1,
  validHours: 6,
  entry: undefined,
  list: 'there',
  contested: false,
  bearer: false,
  proof: 'right',
  proofAge: 5,
  answers: 'window',
  key: 'good',
  registryAge: 600,
  seenAhead: -600,
  issuerExpired: false,
  homeExpired: false,
  home: 'CN-GD',
  purpose: 'venue-entry',
  accept: 'favourable',
  onContested: 'referred',
  onBearer: 'referred',
  requireNonce: false,
  atVenue: false,
};

const region = fc.constantFrom('CN-BJ' as const, 'CN-GD' as const, 'CN-HA' as const);
const good: fc.Arbitrary<Scenario> = region.chain((where) =>
  fc.constantFrom<Scenario>(
    {
      ...GOOD,
      region: where,
      scheme: 'health',
      level: 'green',
      rule: 'clear@1',
      sampledHoursBefore: undefined,
      asks: ['health'],
    },
    {
      ...GOOD,
      region: where,
      scheme: 'test',
      level: 'negative',
      rule: { 'CN-BJ': 'test-negative-3d@1', 'CN-GD': 'test-negative-5d@1', 'CN-HA': 'test-negative-7d@1' }[
        where
      ],
      sampledHoursBefore: 20,
      asks: ['test'],
    },
  ),
);

type Deviation = { readonly [K in keyof Scenario]?: Scenario[K] };
const some = <K extends keyof Scenario>(
  name: K,
  ...values: readonly Scenario[K][]
): fc.Arbitrary<Deviation> => fc.constantFrom(...values).map((value) => ({ [name]: value }));

const deviation: fc.Arbitrary<Deviation> = fc.oneof(
  some('level', 'green', 'amber', 'red', 'negative', 'positive', 'blue', 'constructor'),
  some(
    'rule',
    'winter@1',
    'positive-test-7d@1',
    'secondary-contact-7d@1',
    'test-positive-7d@1',
    'deposits@1',
  ),
  fc.constantFrom<Deviation>(
    { level: 'amber', rule: 'secondary-contact-7d@1' },
    { level: 'amber', rule: 'secondary-contact-3d@1' },
    { level: 'red', rule: 'positive-test-7d@1' },
    { validHours: 24, entry: 0 },
    { answers: 'venue', atVenue: true },
    { answers: 'venue', atVenue: true, requireNonce: true },
  ),
  some('authority', 'community', 'transport', 'police'),
  some('issuedHoursAgo', 0, -1, 2, 5, 6, 23, 24),
  some('validHours', 0, 1, 7, 24, 25),
  some('sampledHoursBefore', undefined, -1, 0, 20, 46, 47, 70, 71, 72, 166, 167),
  some('entry', 0, 1, 2, 3, 4),
  fc
    .tuple(fc.constantFrom(0, 1, 3, 4), some('list', 'missing', 'expired', 'refused', 'old'))
    .map(([entry, list]) => ({ entry, ...list })),
  some('contested', true),
  some('bearer', true),
  some('proof', 'cut off', 'of another credential', 'of a stranger'),
  some('proofAge', 0, 60, 61, -30, -31, 600),
  some('answers', 'venue', 'other venue', 'earlier nonce'),
  some('key', 'unknown', 'of another use', 'not yet', 'over', 'revoked'),
  some('registryAge', 93_599, 93_600, 345_599, 345_600, 863_999, 864_000),
  some('seenAhead', 30, 31, 7200),
  some('issuerExpired', true),
  some('homeExpired', true),
  some('home', 'CN-BJ', 'CN-HA', 'CN-XX'),
  some('purpose', 'public-transport', 'hospital-visit', 'constructor'),
  some('asks', ['health'], ['test'], ['health', 'test'], ['test', 'health']),
  some('accept', 'anything', 'not adverse', 'two days'),
  some('onContested', 'accepted', 'refused'),
  some('onBearer', 'accepted', 'refused'),
  some('requireNonce', true),
);

/** Of two that concern the same thing the later counts. */
function changedBy(base: Scenario, deviations: readonly Deviation[]): Scenario {
  let changed = base;
  for (const each of deviations) changed = { ...changed, ...each };
  return changed;
}

const scenario = fc
  .tuple(good, fc.array(deviation, { maxLength: 4 }))
  .map(([base, deviations]) => changedBy(base, deviations))
  // What a policy makes of the age of a sample that has none is the rules' to say.
  .filter((s) => !(s.accept === 'two days' && s.scheme === 'test' && s.sampledHoursBefore === undefined));

const issuedAt = (s: Scenario) => addHours(hourFloor(NOW), -s.issuedHoursAgo);

function claimsOf(s: Scenario): StatusClaims {
  const begin = issuedAt(s);
  return {
    scheme: s.scheme,
    major: 1,
    level: s.level,
    rule: s.rule,
    authority: s.authority,
    assurance: 'standard',
    issuedAt: begin,
    expiresAt: addHours(begin, s.validHours),
    ...(s.sampledHoursBefore === undefined ? {} : { sampledAt: addHours(begin, -s.sampledHoursBefore) }),
    ...(s.entry === undefined ? {} : { statusEntry: { idx: s.entry, uri: listOf(s) } }),
    ...(s.bearer ? {} : { holderKey: holder.publicJwk }),
    bearer: s.bearer,
    contested: s.contested,
  };
}

const listOf = ({ region }: Scenario) => `https://${region.toLowerCase()}.symbolon.test/lists/${LIST_ID}`;

async function shownOf(s: Scenario): Promise<string> {
  const minting = { claims: claimsOf(s), region: s.region };
  const credential = discloseSdJwt(await mint(fixture, minting), []);
  if (s.bearer || s.proof === 'cut off') return credential;
  const at = addSeconds(NOW, -s.proofAge);
  const answer = {
    window: { audience: IN_PERSON_AUDIENCE, nonce: windowNonce(at) },
    venue: VENUE,
    'other venue': { ...VENUE, audience: 'urn:venue:elsewhere' },
    'earlier nonce': {
      audience: s.atVenue ? VENUE.audience : IN_PERSON_AUDIENCE,
      nonce: 'DwAODQwLCgkIBwYFBAMCAQ',
    },
  }[s.answers];
  const by = s.proof === 'of a stranger' ? attacker : holder;
  const showing = { at, ...answer, holder: by };
  if (s.proof !== 'of another credential') return bind(credential, showing);
  const other = discloseSdJwt(await mint(fixture, { ...minting, seed: 'another' }), []);
  return credential + (await bind(other, showing)).slice(other.length);
}

function trustOf(s: Scenario): Trust {
  const { registry } = base;
  const regions = Object.entries(registry.regions).map(([id, view]) => {
    const expired = (id === s.region && s.issuerExpired) || (id === s.home && s.homeExpired);
    const keys = view.keys
      .map((key) => keyOf(s, key))
      .filter((key) => s.key !== 'unknown' || key.use !== 'credential');
    return [id, { ...view, keys, expires: expired ? NOW : addSeconds(NOW, 1) }];
  });
  const signedAt = addSeconds(NOW, -s.registryAge);
  const list = [...base.lists.values()].map((each) => ({
    ...each,
    issuedAt: s.list === 'old' ? addHours(NOW, -96) : NOW,
    expiresAt: s.list === 'expired' ? NOW : addHours(NOW, 1),
  }))[0];
  const there = list !== undefined && s.list !== 'missing' && s.list !== 'refused';
  return {
    registry: { ...registry, signedAt, regions: Object.fromEntries(regions) },
    registryLog: undefined,
    lists: new Map(there ? [[listOf(s), list]] : []),
    badLists: new Map(s.list === 'refused' ? [[listOf(s), 'status-list-rollback']] : []),
    bitstrings: new Map(),
    newestSignedAt: addSeconds(NOW, s.seenAhead),
  };
}

function keyOf(s: Scenario, key: RegionKey): RegionKey {
  const begin = issuedAt(s);
  const long = { notBefore: addHours(NOW, -400), notAfter: addHours(NOW, 400) };
  if (key.use !== 'credential') return key;
  if (s.key === 'of another use') return { ...key, ...long, use: 'status' };
  if (s.key === 'not yet') return { ...key, ...long, notBefore: addHours(begin, 1) };
  if (s.key === 'over') return { ...key, ...long, notAfter: begin };
  if (s.key === 'revoked') return { ...key, ...long, revoked: { since: NOW, reason: 'stolen' } };
  return { ...key, ...long };
}

describe('any showing at any gate', () => {
  it('gets the verdict of the model', async () => {
    const outcomes = new Map<string, number>();
    const codes = new Set<string>();
    const property = fc.asyncProperty(scenario, async (s) => {
      const trust = trustOf(s);
      // An issuer that is the home region expires as one.
      const expected = expectedOf(
        s.home === s.region ? { ...s, issuerExpired: s.issuerExpired || s.homeExpired } : s,
        trust,
      );
      const verdict = await verify(await shownOf(s), trust, policyOf(s, VENUE), NOW);
      const { outcome } = summary(verdict);
      const findings = verdict.findings.map(({ code, severity }) => `${code} ${severity}`);
      expect({ outcome, findings: findings.toSorted() }).toEqual({
        outcome: expected.outcome,
        findings: expected.findings.toSorted(),
      });
      const [status] = 'statuses' in verdict ? verdict.statuses : [];
      expect(status?.countsAs).toBe(expected.countsAs);
      if (outcome !== 'not-authentic') {
        const { region, scheme, level, rule, authority, bearer } = s;
        expect(status).toMatchObject({ region, scheme, level, rule, authority, bearer });
      } else {
        expect(status).toBeUndefined();
      }
      expect(z.decode(Verdict, z.encode(Verdict, verdict))).toEqual(verdict);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      for (const each of findings) codes.add(each);
    });
    await fc.assert(property, {
      seed: 20_260_907,
      numRuns: 3000,
    });
    // The generator reaches every outcome often, and nearly everything that the model can say.
    for (const outcome of ['accepted', 'referred', 'not-accepted', 'not-authentic']) {
      expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(300);
    }
    expect(codes.size).toBeGreaterThan(40);
  });
});
