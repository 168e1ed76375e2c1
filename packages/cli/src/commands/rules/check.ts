import type { Instant } from '@symbolon/protocol/instant';
import { POLICY_DEFAULTS } from '@symbolon/protocol/limits';
import { successionFaults } from '@symbolon/rules/lead';
import type { Fault } from '@symbolon/rules/problem';
import type { Command } from 'commander';
import { systemNow } from '../../clock.ts';
import { EXIT } from '../../exit-code.ts';
import { print, printJson } from '../../output/terminal.ts';
import { warningSentence } from '../../rules/fault-text.ts';
import { placeInJson } from '../../rules/json-place.ts';
import {
  type CheckedFile,
  checkRules,
  compiledRules,
  faultLine,
  readSchemeFile,
  type SchemeFile,
} from '../../rules/read-rules.ts';
import { count, instantOption } from '../arguments.ts';

interface Options {
  readonly scheme: string;
  readonly published?: string;
  readonly leadHours: number;
  readonly at?: Instant;
  readonly json?: boolean;
}

/** `symbolon rules check`: everything that is wrong with a rule set, each with its place. */
export function checkCommand(parent: Command, setExitCode: (code: number) => void): void {
  parent
    .command('check')
    .argument('<file>', 'a rule set: rules.<scheme>.json')
    .summary('everything that is wrong with a rule set, each with its place')
    .description(
      'Compiles a rule set against its scheme, and tells everything that is wrong with it: file, line and column, the member, and why. Warnings do not count.',
    )
    .requiredOption('--scheme <file>', 'the scheme: schemes/<id>.json')
    .option(
      '--published <file>',
      'what is published now: new versions need their lead, old ones stay as they are',
    )
    .option(
      '--lead-hours <number>',
      'the lead that the federation asks for (ruleLeadHours)',
      count(24 * 90),
      POLICY_DEFAULTS.ruleLeadHours,
    )
    .option('--at <instant>', 'as of this time (YYYY-MM-DDTHH:MM:SSZ) instead of now', instantOption)
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      `
Exit code: 0 it compiles, 1 it does not, 64 wrong usage, 65 a file is no JSON, or no scheme.

Example:
  symbolon rules check rules.health.json --scheme schemes/health.json`,
    )
    .action(async (path: string, options: Options) => {
      const now = options.at ?? systemNow();
      const scheme = await readSchemeFile(options.scheme);
      const checked = await checkRules(path, scheme, now);
      const faults = [...checked.faults, ...(await succession(checked, scheme, options, now))];
      if (options.json) printJson(checkJson(checked, faults));
      else for (const line of lines(checked, faults, scheme)) print(line);
      if (faults.length > 0) setExitCode(EXIT.refused);
    });
}

/** Nothing when nothing is published, or the rule set does not compile anyway. */
async function succession(
  { compiled }: CheckedFile,
  scheme: SchemeFile,
  { published, leadHours }: Options,
  now: Instant,
): Promise<readonly Fault[]> {
  if (published === undefined || compiled === undefined) return [];
  const { ruleSet: before } = await compiledRules(published, scheme, now);
  return successionFaults({ before, after: compiled.ruleSet, isFirst: false, leadHours }, now);
}

function lines(checked: CheckedFile, faults: readonly Fault[], scheme: SchemeFile): readonly string[] {
  const { file, compiled, warnings } = checked;
  const told = faults.map((fault) => faultLine(fault, file, scheme));
  const warned = warnings.map((warning) => {
    const { line, column } = placeInJson(file.text, warning.at);
    return `${file.path}:${line}:${column} warning: ${warningSentence(warning)}`;
  });
  if (faults.length > 0 || compiled === undefined) return [...told, ...warned, `${faults.length} faults.`];
  const refs = compiled.rules.map(({ ref, rule }) => `${ref} (${rule.level})`);
  return [...warned, `It compiles: ${refs.join(', ')}.`];
}

function checkJson({ file, warnings }: CheckedFile, faults: readonly Fault[]): object {
  return {
    compiles: faults.length === 0,
    faults: faults.map(({ code, path, reason, at, offset }) => {
      const isOfScheme = at?.[0] === 'scheme' && at[1] === 'factTypes';
      return { code, path, reason, ...(isOfScheme ? {} : placeInJson(file.text, at ?? [], offset)) };
    }),
    warnings: warnings.map(({ reason, path, at }) => ({ reason, path, ...placeInJson(file.text, at) })),
  };
}
