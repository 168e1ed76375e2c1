import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run load -- [options]

A region of many people, in memory: everyone is enrolled, reported of in signed batches and evaluated; some get credentials; new rules make everyone be
evaluated anew; the lists are published. Says what that takes, and draws how it grows.

Options:
  --subjects N,M   how many people, one run after another; 100000,1000000 by default
  --out DIR        where the drawing goes; a new folder for temporary files by default
  --json           print one JSON object (with npm run --silent: nothing else is on standard output)
  --help           print this

A million takes about 3.5 GB and five minutes. Ctrl-C ends it, and what was finished by then is reported.
Exit code: 0 when everyone has the decision that they must have, 1 when not, 64 for wrong usage, 130 when it was interrupted.`;

/** Wrong usage of the command. The message is for whoever typed it. */
export class UsageError extends Error {}

export interface Options {
  /** Ascending. */
  readonly subjects: readonly number[];
  readonly out: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

const LEAST = 100;
const MOST = 10_000_000;

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options {
  const { subjects = '100000,1000000', out, json = false, help = false } = parse(args);
  const sizes = subjects.split(',').map((text) => (/^\d{1,8}$/.test(text) ? Number(text) : 0));
  if (!sizes.every((size) => size >= LEAST && size <= MOST))
    throw new UsageError(
      `--subjects needs whole numbers from ${LEAST} to ${MOST}, with commas between them.`,
    );
  return { subjects: [...new Set(sizes)].toSorted((a, b) => a - b), out, json, help };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { subjects: text, out: text, json: flag, help: { ...flag, short: 'h' } },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The options cannot be read.');
  }
}
