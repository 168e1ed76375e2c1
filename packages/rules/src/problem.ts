import type { Code } from '@symbolon/protocol/codes';
import { SymbolonError } from '@symbolon/protocol/errors';

/** Why an expression does not compile. Each reason belongs to one code of the protocol. */
const CODE_OF_REASON = {
  syntax: 'expression-malformed',
  'unknown-name': 'expression-malformed',
  'unknown-field': 'expression-malformed',
  type: 'expression-malformed',
  'not-bool': 'expression-malformed',
  literal: 'expression-malformed',
  'value-not-listed': 'expression-malformed',
  forbidden: 'expression-forbidden',
  shadowing: 'expression-forbidden',
  limit: 'expression-forbidden',
} as const satisfies Record<string, Code>;

export type Reason = keyof typeof CODE_OF_REASON;

/** One fault in an expression. `position` counts UTF-16 units from 0. */
export interface Problem {
  readonly reason: Reason;
  readonly position: number;
  /** The bound that was passed, for reason `limit`. */
  readonly bound?: number;
}

/** What is wrong with a member of a file, where it is not an expression. */
export type FileReason =
  | 'missing'
  | 'form'
  | 'blank'
  | 'unknown-level'
  | 'unknown-evidence'
  | 'not-on-the-hour'
  | 'not-after-from'
  | 'duplicate'
  | 'other-scheme'
  | 'too-many'
  | 'too-costly'
  | 'bad-name'
  | 'no-place'
  | 'changed'
  | 'too-soon'
  | 'unlisted-authority';

/** One fault in a document: where it lies, and why. Never what was found there. */
export interface Fault {
  readonly code: Code;
  readonly path: string;
  readonly bound?: number | undefined;
  readonly reason?: Reason | FileReason;
  /** The same place, for who looks it up in the file. A member that is missing is not there. */
  readonly at?: readonly (string | number)[];
  /** Within the text at that place, in UTF-16 units from 0. */
  readonly offset?: number;
}

/** `rules.2.when` + position 17 + `unknown-field` -> `rules.2.when:17 unknown-field`. */
export function faultOf(path: string, problem: Problem): Fault {
  return {
    code: CODE_OF_REASON[problem.reason],
    path: `${path}:${problem.position} ${problem.reason}`,
    bound: problem.bound,
    reason: problem.reason,
    offset: problem.position,
  };
}

/** A fault of a file at a place in it. */
export function fileFault(at: readonly (string | number)[], reason: FileReason, bound?: number): Fault {
  const path = at.length === 0 ? '(root)' : at.join('.');
  return { code: 'rule-set-malformed', path, at, reason, bound };
}

/**
 * Throws nothing on no faults. Otherwise one error that tells (up to eight of) them all: its code is theirs when they agree,
 * else `mixed`; its bound is told when there is a single fault.
 */
export function throwFaults(faults: readonly Fault[], mixed: Code): void {
  const [first, ...rest] = faults;
  if (first === undefined) return;
  const code = rest.every((fault) => fault.code === first.code) ? first.code : mixed;
  const path = faults
    .slice(0, 8)
    .map((fault) => fault.path)
    .join(', ');
  const bound = rest.length === 0 ? first.bound : undefined;
  throw new SymbolonError(code, bound === undefined ? { path } : { path, bound });
}
