import { Environment } from '@marcbachmann/cel-js';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { RandomBytes } from '@symbolon/protocol/random';
import { openRegistry } from '@symbolon/registry/open-registry';
import { decide } from '@symbolon/rules/decide';
import type { Fact } from '@symbolon/rules/fact';
import { compileRuleSet } from '@symbolon/rules/rule-set';
import { buildFederation, FIXTURE_NOW } from '../../support/federation-fixture.ts';
import type { Figures } from '../figure.ts';
import { race, type Settings } from '../measure.ts';
import { microseconds, ratio } from '../ratio.ts';

/** Ten facts, none of them adverse any more: every rule is tried, and the last one decides. */
const FACTS: readonly (readonly [type: string, fields: Fact['fields']])[] = [
  ['pcr', { result: 'negative' }],
  ['pcr', { result: 'negative' }],
  ['pcr', { result: 'negative' }],
  ['stay', { place: 'CN-BJ.haidian' }],
  ['stay', { place: 'CN-BJ.haidian' }],
  ['stay', { place: 'CN-BJ.haidian' }],
  ['stay', { place: 'CN-BJ.haidian' }],
  ['declaration', { fever: false, cough: false }],
  ['declaration', { fever: false, cough: false }],
  ['declaration', { fever: false, cough: false }],
];

/** One decision by a published rule set, over the bare evaluation of the same expressions on values that are ready for it. */
export async function figures(settings: Settings): Promise<Figures> {
  const { pinnedRoot, files } = await buildFederation();
  const now = FIXTURE_NOW;
  const { view } = await openRegistry({ read: files, pinnedRoot, now, expiry: 'offline' });
  const scheme = own(view.schemes, 'health');
  const ruleSet = own(own(view.regions, 'CN-BJ')?.ruleSets ?? {}, 'health');
  if (scheme === undefined || ruleSet === undefined) throw new Error('the rules are missing');
  const compiled = compileRuleSet(ruleSet, scheme);

  const environment = new Environment().registerVariable('now', 'google.protobuf.Timestamp');
  for (const type of Object.keys(scheme.factTypes)) environment.registerVariable(type, 'list');
  const bare = ruleSet.rules.map(({ when }) => environment.parse(when));
  const contextOf = (facts: readonly Fact[]) => {
    const lists = Object.keys(scheme.factTypes).map((name) => [
      name,
      facts.filter(({ type }) => type === name).map(({ at, fields }) => ({ at: dateOf(at), ...fields })),
    ]);
    return { now: dateOf(now), ...Object.fromEntries(lists) };
  };

  const random = insecureRandomFromSeed('facts');
  const { speed, time } = await race(
    {
      name: 'rules.decide',
      operations: 4096,
      prepare: async (count: number) =>
        Array.from({ length: count }, () => {
          const facts = someFacts(now, random);
          return { facts, context: contextOf(facts) };
        }),
      runners: {
        ours: ({ facts }) => decide(compiled, facts, now)?.ref === 'clear@1',
        floor: ({ context }) => bare.findIndex((when) => when(context) === true) === bare.length - 1,
      },
    },
    settings,
  );
  return {
    'rules.decide': ratio(speed('ours', 'floor'), 'floor'),
    'rules.decide.us': microseconds(time('ours')),
  };
}

/** Each was observed at some hour of the last two days. */
function someFacts(now: Instant, random: RandomBytes): readonly Fact[] {
  return FACTS.map(([type, fields]) => ({ type, fields, at: addHours(now, -((random(1)[0] ?? 0) % 48)) }));
}

function dateOf(at: Instant): Date {
  return new Date(at * 1000);
}
