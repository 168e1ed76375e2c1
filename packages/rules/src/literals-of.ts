import type { ASTNode } from '@marcbachmann/cel-js';
import { HOUR_SECONDS, parseInstant } from '@symbolon/protocol/instant';
import { innerOf } from './inner-of.ts';

/** What an expression compares with, as it is written there. */
export interface Literals {
  /** In seconds. */
  readonly durations: ReadonlySet<number>;
  /** Instants, in seconds. */
  readonly timestamps: ReadonlySet<number>;
  readonly ints: ReadonlySet<number>;
  readonly strings: ReadonlySet<string>;
  /** Names of variables: of fact types, `now`, and those of macros. */
  readonly names: ReadonlySet<string>;
}

/** @param root of an expression that compiled */
export function literalsOf(root: ASTNode): Literals {
  const found = {
    durations: new Set<number>(),
    timestamps: new Set<number>(),
    ints: new Set<number>(),
    strings: new Set<string>(),
    names: new Set<string>(),
  };
  const open: ASTNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.op === 'value') {
      if (typeof node.args === 'bigint') found.ints.add(Number(node.args));
      if (typeof node.args === 'string') found.strings.add(node.args);
    } else if (node.op === 'id') {
      found.names.add(node.args);
    } else if (node.op === 'call' && TIMES.has(node.args[0])) {
      const [argument] = node.args[1];
      if (argument?.op !== 'value' || typeof argument.args !== 'string') continue;
      if (node.args[0] === 'duration') found.durations.add(secondsOf(argument.args));
      else found.timestamps.add(parseInstant(argument.args));
    } else {
      open.push(...innerOf(node.args));
    }
  }
  return found;
}

/** Of several expressions. */
export function joinLiterals(all: readonly Literals[]): Literals {
  return {
    durations: new Set(all.flatMap(({ durations }) => [...durations])),
    timestamps: new Set(all.flatMap(({ timestamps }) => [...timestamps])),
    ints: new Set(all.flatMap(({ ints }) => [...ints])),
    strings: new Set(all.flatMap(({ strings }) => [...strings])),
    names: new Set(all.flatMap(({ names }) => [...names])),
  };
}

const TIMES: ReadonlySet<string> = new Set(['duration', 'timestamp']);

const UNIT_SECONDS: Readonly<Record<string, number>> = { h: HOUR_SECONDS, m: 60, s: 1 };

/** Of a text that `isDurationText` takes. */
function secondsOf(text: string): number {
  const parts = text.matchAll(/(\d+)([hms])/g);
  return [...parts].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (UNIT_SECONDS[unit ?? ''] ?? 0),
    0,
  );
}
