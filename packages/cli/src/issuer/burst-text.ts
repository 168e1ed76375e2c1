import { formatRuleRef } from '@symbolon/protocol/ids';
import { own } from '@symbolon/protocol/own';
import type { RegionView } from '@symbolon/registry/registry-view';
import { note, plain } from '../output/terminal.ts';

/** What the guard counts by, told with the names that the region has published. */
export function causeText(
  { region, ruleSets }: Pick<RegionView, 'region' | 'ruleSets'>,
  scheme: string,
  cause: string,
): string {
  const [kind, name = ''] = cause.split(':');
  if (kind === 'authority') {
    const names = own(region.authorities, name)?.names;
    return `the office ${name}${names === undefined ? '' : ` (${names.en} / ${names.zh})`}: all adverse decisions of it in this scheme, by whatever rule`;
  }
  const words = own(ruleSets, scheme)?.rules.find((rule) => formatRuleRef(rule) === name)?.words;
  return `the rule ${name}${words === undefined ? '' : ` (${words.en} / ${words.zh})`}: all adverse decisions by it`;
}

/** That facts came in and what followed from them did not take effect. */
export function noteGuarded(region: string, bursts: readonly string[]): void {
  if (bursts.length === 0) return;
  note(
    'The facts are in, and the burst guard holds adverse decisions that follow from them: they do not take effect.',
  );
  for (const id of bursts) note(plain(`  ${id}`));
  note(
    `Look why there are so many: symbolon issuer bursts ${region}. Two overseers release what is true; the rest lapses.`,
  );
}
