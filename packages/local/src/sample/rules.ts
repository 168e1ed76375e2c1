import { type AnySampleRegion, SAMPLE_REGIONS, type SampleRegion } from './regions.ts';
import { COMMUNITY_RULES } from './rules/community-pass.ts';
import { HEALTH_RULES } from './rules/health.ts';
import { ROAD_RULES } from './rules/road-condition.ts';
import type { RuleFile, RuleSetFile } from './rules/rule.ts';
import { TEST_RULES } from './rules/test.ts';
import { TRAVEL_RULES } from './rules/travel.ts';
import { VACCINATION_RULES } from './rules/vaccination.ts';
import { SAMPLE_SCHEMES, type SampleScheme } from './schemes.ts';

/** `regions/<id>/rules.<scheme>.json`. @throws TypeError for a scheme that the region does not issue (`sampleSchemesOf`) */
export function sampleRules(region: AnySampleRegion, scheme: SampleScheme): RuleSetFile {
  const rules = rulesOf(region, scheme);
  if (rules === undefined) throw new TypeError('the region does not issue this scheme');
  return { region, scheme, rules: [...rules] };
}

/** The schemes that a region has rules for. */
export function sampleSchemesOf(region: AnySampleRegion): readonly SampleScheme[] {
  const schemes = Object.keys(SAMPLE_SCHEMES).filter((id): id is SampleScheme => id in SAMPLE_SCHEMES);
  return schemes.filter((scheme) => rulesOf(region, scheme) !== undefined);
}

/** Districts give passes, and leave all else to the region above. */
function rulesOf(region: AnySampleRegion, scheme: SampleScheme): readonly RuleFile[] | undefined {
  if (!isProvince(region)) return scheme === 'community-pass' ? COMMUNITY_RULES : undefined;
  switch (scheme) {
    case 'health':
      return HEALTH_RULES[region];
    case 'test':
      return TEST_RULES[region];
    case 'vaccination':
      return VACCINATION_RULES;
    case 'travel':
      return TRAVEL_RULES;
    case 'road-condition':
      return ROAD_RULES;
    case 'community-pass':
      return undefined;
  }
}

function isProvince(region: AnySampleRegion): region is SampleRegion {
  return SAMPLE_REGIONS.some((id) => id === region);
}
