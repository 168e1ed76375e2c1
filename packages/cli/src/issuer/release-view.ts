import { overseersOf } from '@symbolon/issuer/operators';
import { SymbolonError } from '@symbolon/protocol/errors';
import { formatRuleRef, isName, isRuleRef, parentRegion } from '@symbolon/protocol/ids';
import { formatInstant, HOUR_SECONDS, type Instant, instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import { plain } from '../output/terminal.ts';
import { ToldError } from '../told-error.ts';
import { causeText } from './burst-text.ts';
import type { KnownRegion } from './open-region.ts';

/** What an overseer is asked to release, as the signed registry knows it. */
export interface ReleaseView {
  readonly scheme: string;
  readonly cause: string;
  /** The hour in which it began. */
  readonly since: Instant;
  readonly rules: readonly Rule[];
}

type Known = Pick<KnownRegion, 'view' | 'registry'>;

/**
 * What the id of a burst says, and the rules to release, which it can hold (REQ-ISS-031). Whether it is held at all, the region says when it is sent.
 *
 * @throws ToldError `burst-unknown`, `release-refused`; SymbolonError `rule-unknown`
 */
export function releaseView({ view }: Known, burst: string, refs: readonly string[]): ReleaseView {
  const [, scheme = '', kind = '', name = '', hour = ''] =
    /^([^/]+)\/(rule|authority):([^/]+)\/([1-9]\d{0,8})$/.exec(burst) ?? [];
  const isNamed = kind === 'rule' ? isRuleRef(name) : isName(name);
  const published = own(view.ruleSets, scheme)?.rules;
  if (!isNamed || published === undefined)
    throw new ToldError(
      'burst-unknown',
      '--burst is no id of a burst of this region: see "symbolon issuer bursts".',
    );
  const rules = [...new Set(refs)].map((ref) => {
    const rule = published.find((each) => formatRuleRef(each) === ref);
    if (rule === undefined) throw new SymbolonError('rule-unknown', { path: '--rules' });
    const isHeld = kind === 'rule' ? ref === name : rule.authorities.includes(name);
    if (!isHeld)
      throw new ToldError(
        'release-refused',
        'This burst cannot hold all of --rules: of a rule it holds that rule, of an office the rules that list the office.',
      );
    return rule;
  });
  return { scheme, cause: `${kind}:${name}`, since: instant(Number(hour) * HOUR_SECONDS), rules };
}

/**
 * REQ-ISS-031: only an overseer's signature counts, and none of the region's own keys.
 *
 * @throws ToldError `release-refused`
 */
export function refuseOtherKeys({ view, registry }: Known, kid: string): void {
  const { region, keys } = view;
  const parent = parentRegion(region.region);
  const above = parent === undefined ? undefined : own(registry.regions, parent)?.region;
  const where =
    above === undefined
      ? 'federation.json lists the overseers'
      : `${parent} lists them, with the role release`;
  if (!overseersOf(registry.federation, above).some((each) => each.kid === kid))
    throw new ToldError('release-refused', `Your key is not one of an overseer of this region: ${where}.`);
  const ofRegion = [
    ...keys,
    ...Object.values(region.authorities).flatMap(({ operators }) => operators),
    ...Object.values(region.sources ?? {}).flatMap((source) => source.keys),
  ];
  if (ofRegion.some((each) => each.kid === kid))
    throw new ToldError(
      'release-refused',
      'Your key is one of the region itself, and what a region decides it does not release.',
    );
}

/** For the overseer, before signing. */
export function releaseLines(
  { view, registry }: Known,
  burst: ReleaseView,
  reason: string,
): readonly string[] {
  const { scheme, cause, since, rules } = burst;
  const levels = own(registry.schemes, scheme)?.levels ?? [];
  const levelText = (id: string) => {
    const titles = levels.find((each) => each.id === id)?.titles;
    return titles === undefined ? id : `${id} (${titles.en} / ${titles.zh})`;
  };
  return [
    `Region     ${view.region.region} (${view.region.names.en} / ${view.region.names.zh})`,
    `Scheme     ${scheme}`,
    `Held       ${causeText(view, scheme, cause)}`,
    `  since    the hour of ${formatInstant(since)}`,
    ...rules.flatMap((rule) => [
      `Release    ${formatRuleRef(rule)}: ${levelText(rule.level)}`,
      `  words    ${rule.words.en} / ${rule.words.zh}`,
      `  basis    ${rule.legalBasis.en} / ${rule.legalBasis.zh}`,
    ]),
    'The burst guard never holds these rule versions again.',
    `Reason     ${reason}`,
  ].map(plain);
}
