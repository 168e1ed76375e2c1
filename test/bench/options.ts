import { parseArgs } from 'node:util';
import { SUITES } from './suites/index.ts';

export const USAGE = `Usage: npm run bench -- [options] [suite...]

Measures this library in CPU time, beside the floor of the same work or beside a peer, in the same process and run.

Suites: ${[...SUITES.keys()].join(', ')}. Without a name: all.

Options:
  --json            print one JSON object (with npm run --silent: nothing else is on standard output)
  --rounds N        rounds that are measured, 21 by default; a third as many run before them, to warm up
  --operations N    operations of a round, in place of each benchmark's own number
  --help            print this

A ratio is the median over the rounds; "x floor" and "x peer" say how fast this library is as a share of the other's speed;
"x ... time" is the other way round, its time as a multiple of the other's.
A value that misses its mark is shown as such; the exit code is 0 all the same. Wrong usage: 64.`;

/** Wrong usage of the command. The message is for whoever typed it. */
export class UsageError extends Error {}

export interface Options {
  readonly suites: readonly string[];
  readonly json: boolean;
  readonly help: boolean;
  readonly rounds: number;
  readonly operations: number | undefined;
}

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  if (!positionals.every((name) => SUITES.has(name))) {
    throw new UsageError(`There is no suite of this name. The suites are: ${[...SUITES.keys()].join(', ')}.`);
  }
  return {
    suites: positionals.length === 0 ? [...SUITES.keys()] : [...new Set(positionals)],
    json: values.json ?? false,
    help: values.help ?? false,
    rounds: count('--rounds', values.rounds) ?? 21,
    operations: count('--operations', values.operations),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        rounds: { type: 'string' },
        operations: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The options cannot be read.');
  }
}

function count(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new UsageError(`${option} needs a whole number from 1 to 99999.`);
  return Number(text);
}
