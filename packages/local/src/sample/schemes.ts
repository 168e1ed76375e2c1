import { COMMUNITY_PASS } from './schemes/community-pass.ts';
import { HEALTH } from './schemes/health.ts';
import { ROAD_CONDITION } from './schemes/road-condition.ts';
import { TEST } from './schemes/test.ts';
import { TRAVEL } from './schemes/travel.ts';
import { VACCINATION } from './schemes/vaccination.ts';

/** `schemes/<id>.json` */
export const SAMPLE_SCHEMES = {
  health: HEALTH,
  test: TEST,
  vaccination: VACCINATION,
  travel: TRAVEL,
  'community-pass': COMMUNITY_PASS,
  'road-condition': ROAD_CONDITION,
} as const;
export type SampleScheme = keyof typeof SAMPLE_SCHEMES;
