import type { StatusClaims } from '@symbolon/credential/model';
import { SAMPLE_FEDERATION } from '@symbolon/local/sample/federation';
import { sampleRules } from '@symbolon/local/sample/rules';
import type { SampleScheme } from '@symbolon/local/sample/schemes';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, formatInstant, hourFloor, type Instant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { writeBundle } from '@symbolon/registry/bundle';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { ClientState } from '@symbolon/registry/client-state';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { jsonFile } from '@symbolon/registry/json-file';
import { openTrust } from '@symbolon/verifier/open-trust';
import { beforeEach, describe, it } from 'vitest';
import * as z from 'zod/mini';
import {
  expectAccepted,
  expectNotAccepted,
  expectNotAuthentic,
  type Gate,
} from '../support/expect-verdict.ts';
import { type FederationFixture, publishUpdate } from '../support/federation-fixture.ts';
import { foundFederation, GATE, openedFrom, SIGNED_AT } from '../support/verifier-federation.ts';
import { show, TESTED, UNLISTED } from '../support/verifier-showings.ts';

/**
 * A rule is put in force without its lead: enough admins of a region pass over the ceremony and publish, with their own keys, a rule that says it has been in
 * force for a month. Every signature is right. What gives it away is that verifiers saw the region's rules without it.
 */

const LEAD_HOURS = 24;
/** The verifier saw the registry of `SIGNED_AT`, so what it did not see there counts from here on. */
const COUNTS_FROM = addHours(SIGNED_AT, LEAD_HOURS);
const PUBLISHED_AT = addHours(SIGNED_AT, 1);
const LONG_AGO = formatInstant(addHours(hourFloor(SIGNED_AT), -30 * 24));

type RuleFile = ReturnType<typeof sampleRules>['rules'][number];
type Ended = { readonly [name: string]: unknown };

let fixture: FederationFixture;
/** What a verifier keeps that opened the registry as it was. */
let seen: ClientState;

beforeEach(async () => {
  fixture = await foundFederation();
  ({ state: seen } = await openedFrom(fixture));
});

const usual = (scheme: SampleScheme = 'health'): readonly RuleFile[] => sampleRules('CN-BJ', scheme).rules;

/** Quarantine for nobody's reason: compiles, and gives everyone red. */
function quarantine(changes: Partial<RuleFile> = {}): RuleFile {
  const red = usual().find(({ id }) => id === 'close-contact-7d');
  if (red === undefined) throw new TypeError('no rule to copy');
  return { ...red, id: 'quarantine', version: 1, from: LONG_AGO, ...changes };
}

/** By two of Beijing's admins, without the ceremony. Nothing for a scheme takes its file out. */
async function publishRules(
  at: Instant,
  rules: readonly (RuleFile | Ended)[] | undefined,
  scheme: SampleScheme = 'health',
) {
  const path = `regions/CN-BJ/rules.${scheme}.json`;
  const change =
    rules === undefined
      ? { remove: [path] }
      : {
          put: new Map([
            [path, jsonFile({ ...sampleRules('CN-BJ', scheme), rules: [...winterIn(scheme), ...rules] })],
          ]),
        };
  await publishUpdate(fixture, at, (draft) =>
    updateRole(draft, { role: 'CN-BJ', ...change }, fixture.regions['CN-BJ'].admins.slice(1), at),
  );
}

/** `clear@1` with another content: the tools refuse that, unless the rule was taken out in a publication before. */
async function publishMutated(at: Instant, change: Partial<RuleFile>, ...more: readonly RuleFile[]) {
  await publishRules(at, undefined);
  const mutated = usual().map((rule) => (rule.id === 'clear' ? { ...rule, ...change } : rule));
  await publishRules(addSeconds(at, 60), [...mutated, ...more]);
}

/** The fixture's rule that has ended: published rules stay. */
function winterIn(scheme: SampleScheme): readonly Ended[] {
  const clear = usual().find(({ id }) => id === 'clear');
  return scheme === 'health'
    ? [{ ...clear, id: 'winter', sunset: formatInstant(addHours(hourFloor(SIGNED_AT), -1)) }]
    : [];
}

async function opened(at: Instant, state?: ClientState, files?: ReadonlyMap<string, Bytes | string>) {
  const bundle = await writeBundle(files ?? (await collectBundle({ read: fixture.files })));
  const { pinnedRoot } = fixture;
  return openTrust({ bundle, pinnedRoot, now: at, ...(state === undefined ? {} : { state }) });
}

/** Whoever is red is kept in: the policy of a place that takes in red ones only, so that nothing but the rule is in question. */
const RED: Policy = { ...GATE, region: 'CN-BJ', accept: 'health.level == "red"' };

async function gateAt(at: Instant, state?: ClientState, policy: Policy = RED): Promise<Gate> {
  return { trust: (await opened(at, state)).trust, policy, now: at };
}

/** Issued in the hour of `at` and shown then. */
function shownAt(at: Instant, claims: Partial<StatusClaims> = {}): Promise<string> {
  const issuedAt = hourFloor(at);
  const all = {
    ...UNLISTED,
    level: 'red',
    rule: 'quarantine@1',
    issuedAt,
    expiresAt: addHours(issuedAt, 6),
    ...claims,
  };
  return show(fixture, { claims: all, at });
}

const honest: Partial<StatusClaims> = { rule: 'close-contact-7d@1' };

describe('REQ-RUL-010 a rule that was put in force without its lead', () => {
  it('is not accepted by whoever saw the region without it; its honest neighbours are', async () => {
    await publishRules(PUBLISHED_AT, [...usual(), quarantine()]);
    for (const at of [PUBLISHED_AT, addHours(SIGNED_AT, 12), addHours(SIGNED_AT, LEAD_HOURS - 1)]) {
      const gate = await gateAt(at, seen);
      await expectNotAccepted(await shownAt(at), gate, 'rule-without-lead');
      await expectAccepted(await shownAt(at, honest), gate);
    }
  });

  it('counts from its lead on, in which everyone could see it; what was issued before never does', async () => {
    await publishRules(PUBLISHED_AT, [...usual(), quarantine()]);
    const after = addHours(hourFloor(COUNTS_FROM), 1);
    const gate = await gateAt(after, seen);
    await expectAccepted(await shownAt(after), gate);
    const before = { issuedAt: addHours(after, -1), expiresAt: addHours(after, 5) };
    await expectNotAccepted(await shownAt(after, before), gate, 'rule-without-lead');
  });

  it('stays so when the verifier refreshes again and again, and keeps its state as JSON', async () => {
    await publishRules(PUBLISHED_AT, [...usual(), quarantine()]);
    let state = seen;
    for (const hours of [2, 3, 20]) {
      const at = addHours(SIGNED_AT, hours);
      await publishUpdate(fixture, at, async (draft) => draft);
      state = (await opened(at, state)).state;
      state = z.decode(ClientState, JSON.parse(JSON.stringify(z.encode(ClientState, state))));
      await expectNotAccepted(await shownAt(at), await gateAt(at, state), 'rule-without-lead');
    }
  });

  it('one that keeps its lead counts from its first second', async () => {
    const from = addHours(hourFloor(PUBLISHED_AT), LEAD_HOURS + 1);
    await publishRules(PUBLISHED_AT, [...usual(), quarantine({ from: formatInstant(from) })]);
    await expectAccepted(await shownAt(from), await gateAt(from, seen));
  });
});

describe('REQ-RUL-010 ways around the lead', () => {
  const at = addHours(PUBLISHED_AT, 2);

  it('under the name of a rule that another scheme has had for long', async () => {
    const known = usual('test')[0];
    const stolen = quarantine({ id: known?.id ?? '', version: known?.version ?? 1 });
    await publishRules(PUBLISHED_AT, [...usual(), stolen]);
    const text = await shownAt(at, { rule: `${stolen.id}@${stolen.version}` });
    await expectNotAccepted(text, await gateAt(at, seen), 'rule-without-lead');
  });

  it('in the set of another scheme, under the name that this scheme knows', async () => {
    const negative = usual('test').find(({ id }) => id === 'test-negative-3d');
    await publishRules(
      PUBLISHED_AT,
      [...usual('test'), { ...negative, id: 'clear', from: LONG_AGO }],
      'test',
    );
    const policy = { ...RED, schemes: ['test'], accept: 'test.level == "negative"' };
    const claims = { ...TESTED, issuedAt: hourFloor(at), expiresAt: addHours(hourFloor(at), 6) };
    const gate = await gateAt(at, seen, policy);
    await expectAccepted(await shownAt(at, claims), gate);
    await expectNotAccepted(await shownAt(at, { ...claims, rule: 'clear@1' }), gate, 'rule-without-lead');
  });

  it('as the next version of a rule that everyone knows', async () => {
    await publishRules(PUBLISHED_AT, [...usual(), quarantine({ id: 'close-contact-7d', version: 2 })]);
    const gate = await gateAt(at, seen);
    await expectNotAccepted(await shownAt(at, { rule: 'close-contact-7d@2' }), gate, 'rule-without-lead');
    await expectAccepted(await shownAt(at, honest), gate);
  });

  it('as a version that everyone knows, with another content: the region is not relied on at all', async () => {
    await publishMutated(PUBLISHED_AT, { level: 'red' });
    await expectNotAuthentic(
      await shownAt(at, { rule: 'clear@1' }),
      await gateAt(at, seen),
      'issuer-unknown',
    );
  });

  it('with the rule set taken out and put back: known rules stay known, new ones new', async () => {
    await publishRules(PUBLISHED_AT, undefined);
    const between = (await opened(addHours(PUBLISHED_AT, 1), seen)).state;
    await expectNotAccepted(
      await shownAt(PUBLISHED_AT, honest),
      await gateAt(PUBLISHED_AT, seen),
      'rule-unknown',
    );
    await publishRules(at, [...usual(), quarantine()]);
    for (const state of [seen, between]) {
      const gate = await gateAt(at, state);
      await expectNotAccepted(await shownAt(at), gate, 'rule-without-lead');
      await expectAccepted(await shownAt(at, honest), gate);
    }
  });

  it('with an empty rule set in between', async () => {
    await publishRules(PUBLISHED_AT, []);
    const between = (await opened(addHours(PUBLISHED_AT, 1), seen)).state;
    await publishRules(at, [...usual(), quarantine()]);
    const gate = await gateAt(at, between);
    await expectNotAccepted(await shownAt(at), gate, 'rule-without-lead');
    await expectAccepted(await shownAt(at, honest), gate);
  });

  it('with a bundle without the region in between', async () => {
    await publishRules(PUBLISHED_AT, [...usual(), quarantine()]);
    const partial = await collectBundle({ read: fixture.files, regions: ['CN-GD'] });
    const between = (await opened(PUBLISHED_AT, seen, partial)).state;
    await expectNotAccepted(await shownAt(at), await gateAt(at, between), 'rule-without-lead');
  });

  it('with a region that could not be used in between', async () => {
    await publishMutated(PUBLISHED_AT, { level: 'red' }, quarantine());
    const between = (await opened(addHours(PUBLISHED_AT, 1), seen)).state;
    await publishRules(addHours(PUBLISHED_AT, 1), undefined);
    await publishRules(at, [...usual(), quarantine()]);
    await expectNotAccepted(await shownAt(at), await gateAt(at, between), 'rule-without-lead');
  });

  it('taken out when it was found, and put back a day later', async () => {
    await publishRules(PUBLISHED_AT, [...usual(), quarantine()]);
    const found = (await opened(PUBLISHED_AT, seen)).state;
    await publishRules(addHours(PUBLISHED_AT, 1), usual());
    const without = (await opened(addHours(PUBLISHED_AT, 1), found)).state;
    const later = addHours(PUBLISHED_AT, 10);
    await publishRules(later, [...usual(), quarantine()]);
    await expectNotAccepted(await shownAt(later), await gateAt(later, without), 'rule-without-lead');
  });

  it('as a rule that everyone knows, with one more office', async () => {
    await publishMutated(PUBLISHED_AT, { authorities: ['cdc', 'community', 'transport'] });
    const claims = { level: 'green', rule: 'clear@1', authority: 'transport' };
    await expectNotAuthentic(await shownAt(at, claims), await gateAt(at, seen), 'issuer-unknown');
  });
});

describe('what is not stopped, and said so', () => {
  it('a verifier whose state is fresh cannot know: the log of publications is for that', async () => {
    await publishRules(PUBLISHED_AT, [...usual(), quarantine()]);
    await expectAccepted(await shownAt(PUBLISHED_AT), await gateAt(PUBLISHED_AT));
  });

  it('nor one whose last look was longer ago than the lead', async () => {
    const at = addHours(SIGNED_AT, LEAD_HOURS + 2);
    await publishRules(addHours(at, -1), [...usual(), quarantine()]);
    await expectAccepted(await shownAt(at), await gateAt(at, seen));
  });

  it('nor where the admins of the federation lower the lead for it', async () => {
    const put = new Map([['federation.json', jsonFile({ ...SAMPLE_FEDERATION, ruleLeadHours: 0 })]]);
    const at = addSeconds(PUBLISHED_AT, 60);
    await publishUpdate(fixture, PUBLISHED_AT, (draft) =>
      updateRole(draft, { role: 'targets', put }, fixture.admins, PUBLISHED_AT),
    );
    await publishRules(at, [...usual(), quarantine()]);
    await expectAccepted(await shownAt(at), await gateAt(at, seen));
  });
});
