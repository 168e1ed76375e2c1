import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import {
  type Disagreement,
  findDisagreement,
  SEARCHED_FACTS,
  SEARCHED_SETS,
  type Search,
} from '@symbolon/rules/disagreement';
import type { CompiledRuleSet } from '@symbolon/rules/rule-set';
import type { Command } from 'commander';
import { systemNow } from '../../clock.ts';
import { EXIT } from '../../exit-code.ts';
import { countLine, print, printJson } from '../../output/terminal.ts';
import { factsJson } from '../../rules/facts-file.ts';
import { compiledRules, readSchemeFile } from '../../rules/read-rules.ts';
import { factText, levelText } from '../../rules/words.ts';
import { instantOption } from '../arguments.ts';

interface Options {
  readonly scheme: string;
  readonly at?: Instant;
  readonly json?: boolean;
}

/** `symbolon rules diff`: on which facts two regions disagree. */
export function diffCommand(parent: Command, setExitCode: (code: number) => void): void {
  parent
    .command('diff')
    .argument('<a>', 'a rule set')
    .argument('<b>', 'another one for the same scheme')
    .summary('the smallest set of facts on which two rule sets disagree')
    .description(
      `Searches the smallest set of facts, up to ${SEARCHED_FACTS}, of which two rule sets say different levels: with values from closed lists, and ages around ` +
        'every duration in the rules. That none is found is no proof that there is none.',
    )
    .requiredOption('--scheme <file>', 'the scheme: schemes/<id>.json')
    .option('--at <instant>', 'as of this time (YYYY-MM-DDTHH:MM:SSZ) instead of now', instantOption)
    .option('--json', 'print the facts for "rules explain --facts" only')
    .addHelpText(
      'after',
      `
Exit code: 0 no disagreement was found, 1 there is one (or the rules do not compile), 64 wrong usage, 65 a file cannot be read.

Example:
  symbolon rules diff beijing/rules.health.json guangdong/rules.health.json --scheme schemes/health.json --json > facts.json
  symbolon rules explain guangdong/rules.health.json --scheme schemes/health.json --facts facts.json`,
    )
    .action(async (pathA: string, pathB: string, options: Options) => {
      const now = options.at ?? systemNow();
      const scheme = await readSchemeFile(options.scheme);
      const a = await compiledRules(pathA, scheme, now);
      const b = await compiledRules(pathB, scheme, now);
      const progress = countLine('Sets of facts');
      const search = findDisagreement(a, b, now, (tried) => progress.update(tried, SEARCHED_SETS));
      progress.done();
      const { found } = search;
      if (options.json) printJson(searchJson(a, search, now));
      else if (found === undefined) print(nothingText(search));
      else print(`${foundText(a, b, found, now)}\n\n${JSON.stringify(searchJson(a, search, now))}`);
      if (found !== undefined) setExitCode(EXIT.refused);
    });
}

function foundText(a: CompiledRuleSet, b: CompiledRuleSet, found: Disagreement, now: Instant): string {
  const { facts, levels, refs } = found;
  const { scheme } = a;
  const said = [a, b].map(
    ({ ruleSet }, index) =>
      `  ${ruleSet.region}: ${levelText(scheme, levels[index], 'en')}${refs[index] === undefined ? '' : `, by ${refs[index]}`}`,
  );
  const known =
    facts.length === 0
      ? ['They disagree on someone of whom nothing is known:']
      : [
          `They disagree on these facts, at ${formatInstant(now)}:`,
          ...facts.map((fact) => `  ${factText(scheme, fact, now, 'en')}`),
        ];
  return [...known, ...said].join('\n');
}

function nothingText({ tried, whole }: Search): string {
  const bound = whole
    ? `with up to ${SEARCHED_FACTS} facts of the values and ages in the rules`
    : `within the bound of the search (${SEARCHED_SETS} sets of up to ${SEARCHED_FACTS} facts)`;
  return `No disagreement was found ${bound}; ${tried} sets of facts were tried.`;
}

function searchJson({ scheme }: CompiledRuleSet, { found, tried, whole }: Search, now: Instant): object {
  if (found === undefined) return { found: false, tried, whole };
  const { facts, levels, refs } = found;
  const orNull = (pair: readonly (string | undefined)[]) => pair.map((each) => each ?? null);
  return { ...factsJson(scheme, facts, now), levels: orNull(levels), rules: orNull(refs) };
}
