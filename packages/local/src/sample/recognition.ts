import type { Recognition } from '@symbolon/protocol/schemas/region';
import type * as z from 'zod/mini';
import type { SampleRegion } from './regions.ts';

type RecognitionFile = z.input<typeof Recognition>;
type Schemes = RecognitionFile['schemes'];

const SAME_HEALTH = { green: 'green', amber: 'amber', red: 'red' };
const SAME_TEST = { negative: 'negative', positive: 'positive' };

/** The three ways to agree: with everyone, within a group, with one region on a condition. The first entry that is met counts. */
const SCHEMES: Readonly<Record<SampleRegion, Schemes>> = {
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
  },
  'CN-GD': {
    health: [{ from: { all: true }, levels: SAME_HEALTH }],
    test: [{ from: { all: true }, levels: SAME_TEST, condition: { longestAgeHours: 72 } }],
  },
  'CN-HA': {
    health: [
      { from: { group: 'central-north' }, levels: SAME_HEALTH },
      { from: { all: true }, levels: SAME_HEALTH, condition: { authorities: ['cdc'] } },
    ],
    test: [
      { from: { all: true }, levels: SAME_TEST, condition: { authorities: ['cdc'], longestAgeHours: 168 } },
    ],
  },
};

/** `regions/<id>/recognition.json` */
export function sampleRecognition(region: SampleRegion): RecognitionFile {
  return { region, schemes: SCHEMES[region] };
}
