import { parseArgs } from 'node:util';
import { TARGETS } from './targets/index.ts';

export const USAGE = `Usage: npm run fuzz -- [options] [target...]

Makes mutants of genuine presentations, QR texts and trust bundles, by their grammars, and holds the verifier to an oracle: a mutant is refused
with one code of the closed list, or it is the very same thing. Nothing is thrown, and nothing takes more work than its length explains.

Targets: ${[...TARGETS.keys()].join(', ')}. Without a name: all, one after the other.

Options:
  --seconds N     CPU time for each target, 60 by default
  --seed S        another seed makes other mutants; 1 by default
  --from N        the number of the first mutant; 0 by default
  --out DIR       where reproducers go; a new folder for temporary files by default
  --replay FILE   judges the mutant of one reproducer again
  --help          print this

A reproducer is written for each failure. The number of the mutant at work is in current.txt of the folder, for the case that a reader does not
come back. Ctrl-C ends the run with its summary.
Exit code: 0 when the oracle never said no, 1 when it did, 64 for wrong usage.`;

/** Wrong usage of the command. The message is for whoever typed it. */
export class UsageError extends Error {}

export interface Options {
  readonly targets: readonly string[];
  readonly seconds: number;
  readonly seed: number;
  readonly from: number;
  readonly out: string | undefined;
  readonly replay: string | undefined;
  readonly help: boolean;
}

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  if (!positionals.every((name) => TARGETS.has(name))) {
    throw new UsageError(
      `There is no target of this name. The targets are: ${[...TARGETS.keys()].join(', ')}.`,
    );
  }
  return {
    targets: positionals.length === 0 ? [...TARGETS.keys()] : [...new Set(positionals)],
    seconds: number('--seconds', values.seconds, 60),
    seed: number('--seed', values.seed, 1),
    from: number('--from', values.from, 0),
    out: values.out,
    replay: values.replay,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seconds: { type: 'string' },
        seed: { type: 'string' },
        from: { type: 'string' },
        out: { type: 'string' },
        replay: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The options cannot be read.');
  }
}

function number(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${option} needs a whole number.`);
  return Number(text);
}
