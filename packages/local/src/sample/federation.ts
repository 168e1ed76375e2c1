import type { Dictionary, Federation } from '@symbolon/protocol/schemas/federation';
import type * as z from 'zod/mini';
import { SAMPLE_AUTHORITIES, SAMPLE_REGIONS, sampleIssuer } from './regions.ts';
import { sampleRules } from './rules.ts';
import { HEALTH, SAMPLE_SCHEMES, TEST } from './schemes.ts';

/** `federation.json` */
export const SAMPLE_FEDERATION = {
  names: { en: 'Symbolon sample federation', zh: '信符示例联盟' },
  groups: { 'central-north': ['CN-BJ', 'CN-HA'] },
  // Protocol, section 4: warn after 26 hours, a person decides after 4 days, refuse after 10.
  freshness: { warnAfterHours: 26, referAfterHours: 96, blockAfterHours: 240 },
  smallestClass: 20,
} satisfies z.input<typeof Federation>;

/** `dictionary.json`: what credentials of this federation say most often comes first, as small numbers are short. Append-only. */
export function sampleDictionary(): z.input<typeof Dictionary> {
  const schemes = [HEALTH, TEST];
  const rules = SAMPLE_REGIONS.flatMap((region) => [
    ...sampleRules(region, 'health').rules,
    ...sampleRules(region, 'test').rules,
  ]);
  const names = [
    'urn:symbolon:in-person',
    ...schemes.map(({ id, major }) => `urn:symbolon:${id}:${major}`),
    ...schemes.flatMap(({ levels }) => levels.map(({ id }) => id)),
    ...Object.keys(SAMPLE_AUTHORITIES),
    'standard',
    'high',
    'reason',
    'evidence',
    'initials',
    ...SAMPLE_REGIONS.map(sampleIssuer),
    ...SAMPLE_REGIONS,
    ...schemes.flatMap(({ evidenceClasses }) => evidenceClasses),
    ...rules.map(({ id, version }) => `${id}@${version}`),
    ...rules.flatMap(({ words }) => [words.en, words.zh]),
    ...Object.keys(SAMPLE_SCHEMES),
  ];
  return { version: 1, names: [...new Set(names)] };
}
