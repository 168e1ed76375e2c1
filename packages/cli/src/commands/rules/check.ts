import type { Instant } from '@symbolon/protocol/instant';
import { POLICY_DEFAULTS } from '@symbolon/protocol/limits';
import { authorityFaults, successionFaults } from '@symbolon/rules/lead';
import type { Fault } from '@symbolon/rules/problem';
import type { Command } from 'commander';
import { systemNow } from '../../clock.ts';
import { EXIT } from '../../exit-code.ts';
import { howMany } from '../../output/how-many.ts';
import { print, printJson } from '../../output/terminal.ts';
import { warningSentence } from '../../rules/fault-text.ts';
import { placeInJson } from '../../rules/json-place.ts';
import {
  type CheckedFile,
  checkRules,
  compiledRules,
  faultLine,
  readRegion,
  readSchemeFile,
  type SchemeFile,
} from '../../rules/read-rules.ts';
import { UsageError } from '../../usage-error.ts';
import { count, instantOption } from '../arguments.ts';

interface Options {
  readonly scheme: string;
  readonly published?: string;
  readonly region?: string;
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
    .option('--region <file>', 'the region file: every office that a rule names must be listed there')
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
  symbolon rules check rules.health.json --scheme schemes/health.json --region region.json --published published/rules.health.json`,
    )
    .action(async (path: string, options: Options) => {
      const now = options.at ?? systemNow();
      const scheme = await readSchemeFile(options.scheme);
      const checked = await checkRules(path, scheme, now);
      const faults = [
        ...checked.faults,
        ...(await offices(checked, options.region)),
        ...(await succession(checked, scheme, options, now)),
      ];
      if (options.json) printJson(checkJson(checked, faults));
      else for (const line of lines(checked, faults, scheme, options)) print(line);
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

/** Nothing without a region file, or when the rule set does not compile anyway. */
async function offices({ compiled }: CheckedFile, path: string | undefined): Promise<readonly Fault[]> {
  if (path === undefined) return [];
  const { region, authorities } = await readRegion(path);
  if (compiled === undefined) return [];
  const { ruleSet } = compiled;
  if (ruleSet.region !== region)
    throw new UsageError('--region is the file of another region than the rule set.');
  return authorityFaults({ after: ruleSet, authorities: Object.keys(authorities) });
}

function lines(
  checked: CheckedFile,
  faults: readonly Fault[],
  scheme: SchemeFile,
  { published, region, leadHours }: Options,
): readonly string[] {
  const { file, compiled, warnings } = checked;
  const told = faults.map((fault) => faultLine(fault, file, scheme));
  const warned = warnings.map((warning) => {
    const { line, column } = placeInJson(file.text, warning.at);
    return `${file.path}:${line}:${column} warning: ${warningSentence(warning)}`;
  });
  if (faults.length > 0 || compiled === undefined)
    return [...told, ...warned, `${howMany(faults.length, 'fault')}.`];
  const refs = compiled.rules.map(({ ref, rule }) => `${ref} (${rule.level})`);
  const checks = [
    'Checked: form, expressions, levels, evidence classes, texts and times of each rule, by the scheme.',
    published === undefined
      ? 'Not checked: lead, and that published versions stay as they are (--published FILE).'
      : `Checked: published versions stay as they are, and new ones have a lead of ${leadHours} hours.`,
    region === undefined
      ? 'Not checked: whether the region lists the offices (--region FILE).'
      : 'Checked: the region lists every office that a rule names.',
  ];
  return [...warned, `It compiles: ${refs.join(', ')}.`, ...checks];
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
