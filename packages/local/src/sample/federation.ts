import type { Dictionary, Federation } from '@symbolon/protocol/schemas/federation';
import type * as z from 'zod/mini';
import { FIRST_NAMES } from './first-names.ts';
import { ALL_SAMPLE_REGIONS, sampleIssuer } from './regions.ts';
import { sampleRules, sampleSchemesOf } from './rules.ts';
import { SAMPLE_SCHEMES } from './schemes.ts';

type FederationFile = z.input<typeof Federation>;

/** `federation.json` */
export const SAMPLE_FEDERATION = {
  names: { en: 'Symbolon sample federation', zh: '信符示例联盟' },
  groups: { 'central-north': ['CN-BJ', 'CN-HA'] },
  // Protocol, section 4: warn after 26 hours, a person decides after 4 days, refuse after 10.
  freshness: { warnAfterHours: 26, referAfterHours: 96, blockAfterHours: 240 },
  smallestClass: 20,
} satisfies FederationFile;

/** `federation.json` with a policy of its own, and with those who release what a burst guard holds and who watch the logs. What is left out is as `POLICY_DEFAULTS` say. */
export function sampleFederation(
  policy: Pick<FederationFile, 'burst' | 'intake' | 'ruleLeadHours' | 'overseers' | 'log' | 'witnesses'> = {},
): FederationFile {
  return { ...SAMPLE_FEDERATION, ...policy };
}

/**
 * `dictionary.json`: what credentials of this federation say most often comes first, as small numbers are short. Append-only: what the second version has in
 * addition follows.
 */
export function sampleDictionary(): z.input<typeof Dictionary> {
  const schemes = Object.values(SAMPLE_SCHEMES);
  const rules = ALL_SAMPLE_REGIONS.flatMap((region) =>
    sampleSchemesOf(region).flatMap((scheme) => sampleRules(region, scheme).rules),
  );
  const names = [
    ...FIRST_NAMES,
    ...schemes.map(({ id, major }) => `urn:symbolon:${id}:${major}`),
    ...schemes.flatMap(({ levels }) => levels.map(({ id }) => id)),
    ...ALL_SAMPLE_REGIONS.flatMap((region) => [sampleIssuer(region), region]),
    ...schemes.flatMap(({ evidenceClasses }) => evidenceClasses),
    ...rules.map(({ id, version }) => `${id}@${version}`),
    ...rules.flatMap(({ words }) => [words.en, words.zh]),
    ...schemes.map(({ id }) => id),
  ];
  return { version: 2, names: [...new Set(names)] };
}
