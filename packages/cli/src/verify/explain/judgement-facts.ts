import { formatInstant, HOUR_SECONDS } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { celName } from '@symbolon/rules/cel-name';
import { policyVariables } from '@symbolon/rules/policy';
import { policyFor } from '@symbolon/verifier/policy';
import { entriesFor, meetsCondition, type RecognitionEntry } from '@symbolon/verifier/recognition';
import { type Explained, ofEach, type StepFacts } from './facts.ts';
import type { Proven } from './proven.ts';
import { type ExplainWords, lengthText } from './words.ts';

/** The last four steps: whether it still holds, by which rule, and what it counts as here. */
export const JUDGEMENT_FACTS: StepFacts = {
  status: (explained) => [
    ...ofEach(explained, (proven) => statusFacts(proven, explained)),
    ...listAge(explained),
  ],
  rule: (explained) => ofEach(explained, (proven) => ruleFacts(proven, explained)),
  recognition: (explained) => ofEach(explained, (proven) => recognitionFacts(proven, explained)),
  acceptance: policyFacts,
};

function statusFacts({ decoded: { claims }, status }: Proven, { words }: Explained): readonly string[] {
  const { statusEntry, issuedAt, expiresAt } = claims;
  return [
    statusEntry === undefined
      ? words.noEntry(lengthText(expiresAt - issuedAt, words))
      : words.entry(statusEntry.idx, statusEntry.uri),
    ...(status.contested ? [words.contested] : []),
  ];
}

function listAge({ showing: { verdict, now }, words }: Explained): readonly string[] {
  const { statusListAt } = verdict.basis;
  return statusListAt === undefined
    ? []
    : [words.listAt(formatInstant(statusListAt), lengthText(now - statusListAt, words))];
}

function ruleFacts({ rule, status, view }: Proven, { words, language }: Explained): readonly string[] {
  if (rule === undefined) return [];
  const office = own(view.region.authorities, status.authority)?.names[language] ?? status.authority;
  return [
    words.rule(status.rule, rule.words[language]),
    words.legalBasis(rule.legalBasis[language]),
    words.ruleTimes(formatInstant(rule.from), formatInstant(rule.sunset)),
    words.decidedBy(status.authority, office, status.level, rule.evidence),
  ];
}

function recognitionFacts(
  { decoded, status, view, scheme, rule }: Proven,
  { words, showing }: Explained,
): readonly string[] {
  const { trust, policy, now } = showing;
  const { region } = view.region;
  // REQ-REC-002, REQ-REC-007: an own status, too, is recognised only where the verdict says so.
  if (region === policy.region) return status.countsAs === undefined ? [] : [words.ownRegion(region)];
  const published = own(trust.registry.regions, policy.region)?.recognition;
  const entries = published === undefined ? [] : entriesFor(published, scheme.id, region, trust);
  const met = entries.find((entry) => meetsCondition(entry, decoded, scheme, rule, now));
  // Where no condition is met, these are what there is.
  const told = met === undefined ? entries : [met];
  return [
    ...told.flatMap((entry) => entryFacts(entry, policy.region, words)),
    ...(status.countsAs === undefined ? [] : [words.countsAs(status.countsAs)]),
  ];
}

function entryFacts({ from, levels, condition }: RecognitionEntry, by: string, words: ExplainWords) {
  const pairs = Object.entries(levels).map(([theirs, here]) => `${theirs} = ${here}`);
  const { rules, authorities, evidence, longestAgeHours } = condition ?? {};
  const named = (part: 'rules' | 'authorities' | 'evidence', names: readonly string[] | undefined) =>
    names === undefined ? [] : [words.condition[part](names.join(words.comma))];
  const conditions = [
    ...named('rules', rules),
    ...named('authorities', authorities),
    ...named('evidence', evidence),
    ...(longestAgeHours === undefined
      ? []
      : [words.condition.longestAge(lengthText(longestAgeHours * HOUR_SECONDS, words))]),
  ];
  return [
    'all' in from
      ? words.recognisedFrom.all(by, '')
      : 'region' in from
        ? words.recognisedFrom.region(by, from.region)
        : words.recognisedFrom.group(by, from.group),
    words.levels(pairs.join(words.comma)),
    ...(conditions.length > 0 ? conditions : [words.condition.none('')]),
  ];
}

function policyFacts({ showing, words }: Explained): readonly string[] {
  const { policy, trust, now, verdict } = showing;
  if (!('statuses' in verdict)) return [];
  const compiled = policyFor(policy, trust.registry.schemes);
  const variables = policyVariables(compiled, verdict.statuses, now);
  const fieldsOf = new Map([...variables].map(([scheme, fields]) => [celName(scheme), fields]));
  const read = compiled.accept.fieldsRead().flatMap(({ variable, field }) => {
    const fields = fieldsOf.get(variable);
    return fields === undefined
      ? []
      : [`  ${words.variable(`${variable}.${field}`, valueText(own(fields, field), words))}`];
  });
  return [
    words.purpose(policy.purpose, policy.schemes.join(words.comma)),
    words.expression(policy.accept),
    ...read,
  ];
}

function valueText(value: unknown, words: ExplainWords): string {
  if (value === undefined) return words.noValue;
  // A duration of CEL is an object that counts as milliseconds.
  return typeof value === 'object' ? lengthText(Number(value) / 1000, words) : JSON.stringify(value);
}
