import { EvaluationError } from '@marcbachmann/cel-js';
import { Duration } from '@marcbachmann/cel-js/evaluator';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { ShownStatus } from '@symbolon/protocol/schemas/verdict';
import { celName } from './cel-name.ts';
import { type Compiler, createCompiler, type Expression } from './expression.ts';
import { type Fault, faultOf, throwFaults } from './problem.ts';
import { statusRecordName, statusVocabulary } from './status-vocabulary.ts';
import { isVariableName } from './vocabulary.ts';

/** A policy that passed every static check. Only `compilePolicy` makes one. */
export interface CompiledPolicy {
  readonly policy: Policy;
  readonly accept: Expression;
  readonly compiler: Compiler;
  /** Schemes in which a status has the age of its sample. */
  readonly aged: ReadonlySet<string>;
}

/** What a policy reads of a status. `countsAs` is the level after recognition; without it the status does not count. */
export type AcceptableStatus = Pick<
  ShownStatus,
  | 'scheme'
  | 'countsAs'
  | 'region'
  | 'rule'
  | 'authority'
  | 'assurance'
  | 'issuedAt'
  | 'sampledAt'
  | 'contested'
  | 'bearer'
>;

/**
 * Compiles an acceptance policy (protocol, section 8) against the schemes that it asks for. Each is a variable (`road-condition`:
 * `roadCondition`) with `present`, `level`, `age`, `rule`, `authority`, `region`, `assurance`, `contested`, `bearer`; there is
 * also `now`. A literal that is compared with a level must be a level of that scheme.
 *
 * Does not check that the schemes list the policy's purpose (REQ-ACC-001).
 *
 * @throws SymbolonError `policy-malformed` (REQ-ACC-004), with every fault in `path`: `accept:17 unknown-field`
 */
export function compilePolicy(policy: Policy, schemes: Readonly<Record<string, Scheme>>): CompiledPolicy {
  const known = policy.schemes.flatMap((id) => {
    const scheme = own(schemes, id);
    return scheme === undefined ? [] : [scheme];
  });
  throwFaults(schemeFaults(policy, schemes), 'policy-malformed');
  const compiler = createCompiler(statusVocabulary(known));
  const compilation = compiler.compile(policy.accept);
  if (!compilation.ok) {
    const faults = compilation.problems.map((problem) => faultOf('accept', problem));
    throwFaults(
      faults.map((fault) => ({ ...fault, code: 'policy-malformed' })),
      'policy-malformed',
    );
    throw new SymbolonError('policy-malformed');
  }
  const aged = new Set(known.filter(({ ageFrom }) => ageFrom !== undefined).map(({ id }) => id));
  return { policy, accept: compilation.expression, compiler, aged };
}

/**
 * Whether the statuses shown meet the policy. REQ-ACC-003: what was not shown never helps. A comparison with it is neither true
 * nor false; `&&`, `||` and `!` carry that on as in Kleene's logic, and a policy that hangs on it is not met. Only `present` can
 * be asked of it: `!travel.present || travel.level == "open"`.
 *
 * Not counted: a status that was not recognised (no `countsAs`), one of a scheme that the policy does not ask for, and two of the
 * same scheme, as nobody but the holder would choose between them. Purpose, freshness, `onContested` and `onBearer` are not
 * looked at here.
 *
 * @throws SymbolonError `expression-failed` on overflow: the caller treats it as not accepted
 */
export function evaluatePolicy(
  compiled: CompiledPolicy,
  statuses: readonly AcceptableStatus[],
  now: Instant,
): boolean {
  const { accept, compiler } = compiled;
  const context: Record<string, unknown> = { now: new Date(now * 1000) };
  for (const [id, fields] of policyVariables(compiled, statuses, now))
    context[celName(id)] = compiler.record(statusRecordName(id), fields);
  try {
    return accept.evaluate(context) === true;
  } catch (error) {
    if (error instanceof EvaluationError && error.code === 'no_such_key') return false;
    throw new SymbolonError('expression-failed', { path: 'accept' });
  }
}

/** What a policy finds in each of its variables, by scheme. A field that is left out has no value. */
export function policyVariables(
  { policy, aged }: CompiledPolicy,
  statuses: readonly AcceptableStatus[],
  now: Instant,
): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  return new Map(
    policy.schemes.map((id) => {
      const [status, second] = statuses.filter(
        (shown) => shown.scheme === id && shown.countsAs !== undefined,
      );
      const counts = status !== undefined && second === undefined;
      return [id, counts ? fieldsOf(status, aged, now) : { present: false }];
    }),
  );
}

function fieldsOf(
  status: AcceptableStatus,
  aged: ReadonlySet<string>,
  now: Instant,
): Record<string, unknown> {
  // REQ-TIM-006: where samples have an age, one without a sample time has an unknown one. Its time of issue would look fresher than any.
  const begin = status.sampledAt ?? (aged.has(status.scheme) ? undefined : status.issuedAt);
  return {
    present: true,
    level: status.countsAs,
    ...(begin === undefined ? {} : { age: new Duration(now - begin) }),
    rule: status.rule,
    authority: status.authority,
    region: status.region,
    assurance: status.assurance,
    contested: status.contested,
    bearer: status.bearer,
  };
}

function schemeFaults(policy: Policy, schemes: Readonly<Record<string, Scheme>>): Fault[] {
  const names = policy.schemes.map(celName);
  return policy.schemes.flatMap((id, index) => {
    const name = celName(id);
    const sound = own(schemes, id) !== undefined && isVariableName(name) && names.indexOf(name) === index;
    return sound ? [] : [{ code: 'policy-malformed' as const, path: `schemes.${index}` }];
  });
}
