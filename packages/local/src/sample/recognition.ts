import type { Recognition } from '@symbolon/protocol/schemas/region';
import type * as z from 'zod/mini';
import type { AnySampleRegion } from './regions.ts';

type RecognitionFile = z.input<typeof Recognition>;
type Schemes = RecognitionFile['schemes'];

const SAME_HEALTH = { green: 'green', amber: 'amber', red: 'red' };
const SAME_TEST = { negative: 'negative', positive: 'positive' };
const SAME_ROAD = { green: 'green', amber: 'amber', red: 'red' };
const SAME_VACCINATION = { complete: 'complete', partial: 'partial' };
const SAME_TRAVEL = { clear: 'clear', 'not-clear': 'not-clear' };
const SAME_PASS = { resident: 'resident', visitor: 'visitor', 'stay-home': 'stay-home' };

/** What all regions recognise of one another, as it stands. */
const EVERYWHERE: Schemes = {
  vaccination: [{ from: { all: true }, levels: SAME_VACCINATION }],
  'road-condition': [{ from: { all: true }, levels: SAME_ROAD, condition: { authorities: ['transport'] } }],
};

/** The three ways to agree: with everyone, within a group, with one region on a condition. The first entry that is met counts. */
const SCHEMES: Readonly<Record<AnySampleRegion, Schemes>> = {
  'CN-BJ': {
    health: [
      { from: { group: 'central-north' }, levels: SAME_HEALTH },
      // Guangdong ends close contact after five days; what is amber there counts as red here.
      { from: { region: 'CN-GD' }, levels: { green: 'green', amber: 'red', red: 'red' } },
    ],
    test: [
      {
        from: { all: true },
        levels: SAME_TEST,
        condition: { evidence: ['laboratory'], longestAgeHours: 72 },
      },
    ],
    travel: [{ from: { group: 'central-north' }, levels: SAME_TRAVEL }],
    'community-pass': [{ from: { region: 'CN-BJ.haidian' }, levels: SAME_PASS }],
    ...EVERYWHERE,
  },
  'CN-BJ.haidian': {
    'community-pass': [{ from: { region: 'CN-BJ.haidian' }, levels: SAME_PASS }],
  },
  'CN-GD': {
    health: [{ from: { all: true }, levels: SAME_HEALTH }],
    test: [{ from: { all: true }, levels: SAME_TEST, condition: { longestAgeHours: 72 } }],
    travel: [{ from: { all: true }, levels: SAME_TRAVEL }],
    ...EVERYWHERE,
  },
  'CN-HA': {
    health: [
      { from: { group: 'central-north' }, levels: SAME_HEALTH },
      { from: { all: true }, levels: SAME_HEALTH, condition: { authorities: ['cdc'] } },
    ],
    test: [
      { from: { all: true }, levels: SAME_TEST, condition: { authorities: ['cdc'], longestAgeHours: 168 } },
    ],
    travel: [{ from: { all: true }, levels: SAME_TRAVEL }],
    ...EVERYWHERE,
  },
};

/** `regions/<id>/recognition.json` */
export function sampleRecognition(region: AnySampleRegion): RecognitionFile {
  return { region, schemes: SCHEMES[region] };
}
