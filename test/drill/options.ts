import { parseArgs } from 'node:util';
import { SHORTEST_DAYS } from './schedule.ts';

export const USAGE = `Usage: npm run drill -- [options]

Weeks of key rotation, changes of admins, a stolen key and an outage of the hub, by real publications; in every hour verifiers with old and
with fresh registries check fresh credentials.

Options:
  --provinces N   34 by default, and at most
  --cities M      cities in them, 300 by default
  --days D        90 by default, ${SHORTEST_DAYS} at least
  --verifiers V   verifications in every hour, 1000 by default
  --seed S        another seed draws other verifiers and other regions; 1 by default
  --out DIR       where the drawings go; a new folder for temporary files by default
  --help          print this

Exit code: 0 when all properties hold, 1 when one does not, 64 for wrong usage.`;

/** Wrong usage of the command. The message is for whoever typed it. */
export class UsageError extends Error {}

export interface RunOptions {
  readonly provinces: number;
  readonly cities: number;
  readonly days: number;
  readonly verifiers: number;
  readonly seed: number;
  readonly out: string | undefined;
  readonly help: boolean;
}

const NUMBERS = {
  provinces: { default: 34, least: 1, most: 34 },
  cities: { default: 300, least: 0, most: 5000 },
  days: { default: 90, least: SHORTEST_DAYS, most: 365 },
  verifiers: { default: 1000, least: 1, most: 100_000 },
  seed: { default: 1, least: 0, most: 2 ** 31 - 1 },
};

/** @throws UsageError */
export function readOptions(args: readonly string[]): RunOptions {
  const values = parse(args);
  const number = (name: keyof typeof NUMBERS) => {
    const { default: usual, least, most } = NUMBERS[name];
    const value = Number(values[name] ?? usual);
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw new UsageError(`--${name} is a whole number from ${least} to ${most}.`);
  };
  return {
    provinces: number('provinces'),
    cities: number('cities'),
    days: number('days'),
    verifiers: number('verifiers'),
    seed: number('seed'),
    out: values.out,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    provinces: text,
    cities: text,
    days: text,
    verifiers: text,
    seed: text,
    out: text,
  } as const;
  try {
    return parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean', short: 'h' } } })
      .values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The options cannot be read.');
  }
}
