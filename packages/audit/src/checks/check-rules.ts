import type { Findings } from '../findings.ts';
import { type Class, endOf } from '../log/class.ts';
import { mayBeHidden, type Past, type PastRegistry, pastsDuring, SLOW_SECONDS } from '../registry/past.ts';
import type { KnownRule } from '../registry/past-rules.ts';
import { placeOf } from './log-places.ts';

export interface CheckedClasses {
  readonly origin: string;
  readonly classes: readonly Class[];
  readonly past: PastRegistry;
  readonly rules: ReadonlyMap<string, KnownRule>;
}

/** Every decision by what its region had published: it logs here, the scheme has the level, the rule gives it, was in force, and lets this office decide by it. */
export function checkClasses(checked: CheckedClasses, findings: Findings): void {
  for (const each of checked.classes) {
    checkRegion(checked, each, findings);
    checkRule(checked, each, findings);
  }
}

function checkRegion({ origin, past }: CheckedClasses, of: Class, findings: Findings): void {
  const then = pastsDuring(past, of.at, endOf(of));
  const knows = then.some(({ regions }) => regions.has(of.region));
  if (!knows) {
    findings.add('regions', 'failed', 'region-unknown', `leaf ${of.first}`, of.count);
    return;
  }
  const isHere = then.some(
    ({ regions }) => placeOf(of.region, (id) => regions.get(id)?.region?.log)?.origin === origin,
  );
  if (!isHere) findings.add('regions', 'failed', 'log-origin', `leaf ${of.first}`, of.count);
}

function checkRule({ past, rules }: CheckedClasses, of: Class, findings: Findings): void {
  const { region, scheme, rule: ref, count, first } = of;
  const then = pastsDuring(past, of.at, endOf(of));
  const add = (code: Parameters<Findings['add']>[2]) =>
    findings.add('rules', 'failed', code, `leaf ${first}`, count);
  const levels = then.flatMap(({ schemes }) => schemes.get(scheme)?.levels ?? []);
  if (then.every(({ schemes }) => !schemes.has(scheme))) {
    add('scheme-unknown');
    return;
  }
  if (levels.every(({ id }) => id !== of.level)) {
    add('level-unknown');
    return;
  }
  const known = rules.get(`${region} ${scheme} ${ref}`);
  // REQ-RUL-001: published, and not only later. An end is of a rule that may be gone.
  const isThere = of.mode === 'ended' || listsRule(pastsDuring(past, of.at - SLOW_SECONDS, endOf(of)), of);
  // What has ended may have begun by a rule from before all that is known.
  const isOld = of.mode === 'ended' && (!past.isWhole || mayBeHidden(past, region, of.at));
  if (known === undefined && isOld) {
    findings.add('rules', 'unchecked', undefined, `leaf ${first}`, count);
    return;
  }
  if (known === undefined || known.since >= endOf(of) || !isThere) {
    add('rule-unknown');
    return;
  }
  // What was merged or has ended is another decision's: its level need not be that of the rule.
  if (of.mode === 'ended') return;
  if (known.rule.level !== of.level && of.mode !== 'merged') add('rule-level');
  if (!known.rule.authorities.includes(of.authority)) add('authority-unknown');
  // REQ-RUL-002, for any time that the leaf can mean.
  if (endOf(of) <= known.from || of.at >= known.sunset) add('rule-not-in-force');
  // REQ-RUL-010
  else {
    const { earliest } = known.comings.findLast(({ at }) => at < endOf(of)) ?? {};
    if (earliest !== undefined && endOf(of) <= earliest) add('rule-without-lead');
  }
}

/** Whether the region published the rule in one of these publications: what was taken out decides nothing. */
function listsRule(then: readonly Past[], { region, scheme, rule }: Class): boolean {
  return then.some(({ regions }) =>
    regions.get(region)?.rules.some((each) => each.scheme === scheme && each.ref === rule),
  );
}
