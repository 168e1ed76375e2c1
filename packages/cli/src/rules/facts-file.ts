import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { formatInstant, type Instant, isInstant, parseInstant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { check, InstantText } from '@symbolon/protocol/schemas/common';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { checkFact, type Fact } from '@symbolon/rules/fact';
import * as z from 'zod/mini';

/** Facts as people write them: times as text. `at` of the whole is when they are looked at. */
const FactsFile = z.object({
  at: z.optional(InstantText),
  facts: z.array(
    z.strictObject({
      type: z.string(),
      at: InstantText,
      fields: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
    }),
  ),
});

export interface GivenFacts {
  readonly facts: readonly Fact[];
  readonly at: Instant | undefined;
}

/**
 * @param where what the paths of a fault begin with: `--facts`, `line 12`
 * @throws SymbolonError `fact-malformed`
 */
export function readFacts(json: unknown, scheme: Scheme, where: string): GivenFacts {
  try {
    const { at, facts } = check(FactsFile, json, 'fact-malformed');
    return { at, facts: facts.map((fact, index) => factAt(scheme, fact, index)) };
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    throw new SymbolonError(error.code, { path: `${where}: ${error.path ?? '(root)'}` });
  }
}

function factAt(
  scheme: Scheme,
  { type, at, fields = {} }: z.output<typeof FactsFile>['facts'][number],
  index: number,
): Fact {
  const kinds = own(scheme.factTypes, type)?.fields ?? {};
  const values = Object.entries(fields).map(([name, value]) => {
    const isTime = own(kinds, name) === 'timestamp' && typeof value === 'string';
    return [name, isTime ? timeOf(value) : value] as const;
  });
  try {
    return checkFact(scheme, { type, at, fields: Object.fromEntries(values) });
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    throw new SymbolonError(error.code, { path: `facts.${index}.${error.path ?? ''}` });
  }
}

/** What is no time is told by `checkFact`. */
function timeOf(text: string): Instant | string {
  try {
    return parseInstant(text);
  } catch {
    return text;
  }
}

/** The same form, for a file that `readFacts` takes. */
export function factsJson(scheme: Scheme, facts: readonly Fact[], at: Instant) {
  return {
    at: formatInstant(at),
    facts: facts.map((fact) => ({
      type: fact.type,
      at: formatInstant(fact.at),
      fields: fieldsJson(scheme, fact),
    })),
  };
}

function fieldsJson(scheme: Scheme, { type, fields }: Fact): Fact['fields'] {
  const kinds = own(scheme.factTypes, type)?.fields ?? {};
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      own(kinds, name) === 'timestamp' && isInstant(value) ? formatInstant(value) : value,
    ]),
  );
}
