import type { Fault, FileReason, Reason } from '@symbolon/rules/problem';
import type { Warning } from '@symbolon/rules/warnings';

/** What is wrong, for whoever writes rules. Never what was found there. */
const SENTENCES: Readonly<Record<Reason | FileReason, string>> = {
  missing: 'is missing',
  form: 'does not have the form that the protocol asks for',
  blank: 'says nothing',
  'unknown-level': 'is no level of the scheme',
  'unknown-evidence': 'is no evidence class of the scheme',
  'not-on-the-hour': 'is not a whole hour',
  'not-after-from': 'does not lie after "from"',
  duplicate: 'another rule has this id and version',
  'other-scheme': 'is another scheme than the one given with --scheme',
  'too-many': 'there are too many rules',
  'too-costly': 'all rules together may take too many steps',
  'bad-name': 'is a name that expressions cannot carry',
  'no-place': 'a fact about places needs a field "place" of type string',
  changed: 'this version is published with another text: publish a change as a new version',
  'too-soon': 'a new version begins too soon after its publication',
  'unlisted-authority': 'names an office that the region does not list',
  syntax: 'the expression ends, or goes on, in an unexpected way',
  'unknown-name': 'the scheme has no such fact type',
  'unknown-field': 'the fact type has no such field',
  type: 'these types do not go together',
  'not-bool': 'the expression is neither true nor false',
  literal: 'is no value of the language',
  'value-not-listed': 'is not in the closed list of the field',
  forbidden: 'is not part of the language of rules',
  shadowing: 'this name has a meaning already',
  limit: 'the expression is beyond a bound',
};

const WARNINGS: Readonly<Record<Warning['reason'], string>> = {
  unreachable: 'never decides: a rule before it always holds',
  'no-last-rule': 'no rule in force always holds: some subjects have no status',
  'sunset-soon': 'ends within 30 days',
};

export function faultSentence({ path, reason, bound }: Fault): string {
  const sentence = reason === undefined ? '' : ` ${SENTENCES[reason]}`;
  return `${path}:${sentence}${bound === undefined ? '' : ` (bound: ${bound})`}`;
}

export function warningSentence({ path, reason }: Warning): string {
  return `${path}: ${WARNINGS[reason]}`;
}
