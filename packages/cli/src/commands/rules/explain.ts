import type { Instant } from '@symbolon/protocol/instant';
import { explain } from '@symbolon/rules/explain';
import { placeFactsFor } from '@symbolon/rules/place-facts';
import { LANGUAGES, type Language } from '@symbolon/verifier/texts';
import { type Command, Option } from 'commander';
import { systemNow } from '../../clock.ts';
import { print, printJson } from '../../output/terminal.ts';
import { explainJson, explainText } from '../../rules/explain-text.ts';
import { readFacts } from '../../rules/facts-file.ts';
import { compiledRules, readJson, readPlaces, readSchemeFile } from '../../rules/read-rules.ts';
import { instantOption } from '../arguments.ts';

interface Options {
  readonly scheme: string;
  readonly facts?: string;
  readonly places?: string;
  readonly lang: Language;
  readonly at?: Instant;
  readonly json?: boolean;
}

/** `symbolon rules explain`: what rules say of facts, why, and until when. */
export function explainCommand(parent: Command): void {
  parent
    .command('explain')
    .argument('<file>', 'a rule set: rules.<scheme>.json')
    .summary('what the rules say of some facts, rule by rule, and until when')
    .description(
      'Says of each rule whether it holds for these facts, which one decides, and until when that lasts.',
    )
    .requiredOption('--scheme <file>', 'the scheme: schemes/<id>.json')
    .option(
      '--facts <file>',
      'the facts: {"facts": [{"type", "at", "fields"}]}; without them, someone of whom nothing is known',
    )
    .option('--places <file>', 'what the region says of places: places.<scheme>.json')
    .addOption(new Option('--lang <language>', 'the language of the words').choices(LANGUAGES).default('en'))
    .option(
      '--at <instant>',
      'as of this time (YYYY-MM-DDTHH:MM:SSZ), instead of that of the facts or now',
      instantOption,
    )
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      `
Exit code: 0 explained, 64 wrong usage, 65 a file cannot be read, 1 the rules do not compile.

Example:
  symbolon rules explain rules.health.json --scheme schemes/health.json --facts facts.json --lang zh`,
    )
    .action(async (path: string, options: Options) => {
      const scheme = await readSchemeFile(options.scheme);
      const given =
        options.facts === undefined
          ? undefined
          : readFacts((await readJson(options.facts, '--facts')).json, scheme.scheme, '--facts');
      const now = options.at ?? given?.at ?? systemNow();
      const compiled = await compiledRules(path, scheme, now);
      const own = given?.facts ?? [];
      const facts = [...own, ...placeFactsFor(scheme.scheme, own, await readPlaces(options.places))];
      const explained = { compiled, facts, now, explanation: explain(compiled, facts, now) };
      if (options.json) printJson(explainJson(explained));
      else print(explainText(explained, options.lang));
    });
}
