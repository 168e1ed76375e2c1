import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { PlaceList, Region } from '@symbolon/protocol/schemas/region';
import { Scheme } from '@symbolon/protocol/schemas/scheme';
import { type Json, parseStrictJson } from '@symbolon/protocol/strict-json';
import { checkRuleSetFile, type RuleSetCheck } from '@symbolon/rules/check-file';
import type { Fault } from '@symbolon/rules/problem';
import type { CompiledRuleSet } from '@symbolon/rules/rule-set';
import type * as z from 'zod/mini';
import { givenBy } from '../files/file-fault.ts';
import { readInput } from '../files/read-input.ts';
import { note, plain } from '../output/terminal.ts';
import { faultSentence } from './fault-text.ts';
import { placeInJson } from './json-place.ts';

/** A file as it was read, and what `--scheme` gave. */
export interface JsonFile {
  readonly path: string;
  readonly text: string;
  readonly json: Json;
}

export interface SchemeFile extends JsonFile {
  readonly scheme: Scheme;
}

export interface CheckedFile extends RuleSetCheck {
  readonly file: JsonFile;
}

/** @throws SymbolonError `json-...`, `utf8-malformed`, `metadata-too-large`, with the option; FileFault */
export function readJson(path: string, option: string): Promise<JsonFile> {
  return givenBy(option, async () => {
    const text = await readInput(path);
    return { path, text, json: parseStrictJson(text) };
  });
}

/** @throws what `readJson` throws; SymbolonError `metadata-malformed` */
export async function readSchemeFile(path: string): Promise<SchemeFile> {
  const file = await readJson(path, '--scheme');
  return { ...file, scheme: checkGiven(Scheme, file.json, '--scheme') };
}

/** @throws as `readSchemeFile` */
export async function readPlaces(path: string | undefined): Promise<PlaceList | undefined> {
  if (path === undefined) return undefined;
  return checkGiven(PlaceList, (await readJson(path, '--places')).json, '--places');
}

/** @throws what `readJson` throws; SymbolonError `metadata-malformed` */
export async function readRegion(path: string): Promise<Region> {
  return checkGiven(Region, (await readJson(path, '--region')).json, '--region');
}

export async function checkRules(path: string, { scheme }: SchemeFile, now: Instant): Promise<CheckedFile> {
  const file = await readJson(path, 'FILE');
  return { ...checkRuleSetFile(file.json, scheme, now), file };
}

/** For commands that go on with the rules. @throws SymbolonError `rule-set-malformed` after the faults were told */
export async function compiledRules(
  path: string,
  scheme: SchemeFile,
  now: Instant,
): Promise<CompiledRuleSet> {
  const { compiled, faults, file } = await checkRules(path, scheme, now);
  if (compiled !== undefined) return compiled;
  for (const fault of faults) note(faultLine(fault, file, scheme));
  throw new SymbolonError('rule-set-malformed');
}

/** `rules.health.json:12:7 rules.0.level (clear@1): is no level of the scheme` */
export function faultLine(fault: Fault, rules: JsonFile, scheme: JsonFile): string {
  const isOfScheme = fault.at?.[0] === 'scheme' && fault.at[1] === 'factTypes';
  const { path, text } = isOfScheme ? scheme : rules;
  const at = isOfScheme ? (fault.at?.slice(1) ?? []) : (fault.at ?? []);
  const { line, column } = placeInJson(text, at, fault.offset);
  return `${plain(path)}:${line}:${column} ${plain(faultSentence(fault))} [${fault.code}]`;
}

function checkGiven<T extends z.core.$ZodType>(schema: T, json: Json, option: string): z.output<T> {
  try {
    return check(schema, json, 'metadata-malformed');
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    throw new SymbolonError(error.code, { path: `${option}: ${error.path ?? '(root)'}` });
  }
}
