import { IN_FORCE, ROAD_LAW, type RuleFile } from './rule.ts';

const road = {
  version: 1,
  authorities: ['transport'],
  evidence: 'sensor',
  legalBasis: ROAD_LAW,
  ...IN_FORCE,
  contestHours: 24,
};

/** A section whose sensors are silent has no status. */
export const ROAD_RULES: readonly RuleFile[] = [
  {
    ...road,
    id: 'flooded-1h',
    level: 'red',
    when: 'reading.exists(r, r.waterMillimetres >= 150 && now - r.at < duration("1h"))',
    words: { en: '150 mm of water or more on the road in the last hour', zh: '1小时内路面积水达150毫米' },
  },
  {
    ...road,
    id: 'slippery-2h',
    level: 'amber',
    when: 'reading.exists(r, (r.surface == "ice" || r.waterMillimetres >= 30) && now - r.at < duration("2h"))',
    words: { en: 'Ice, or 30 mm of water or more, in the last 2 hours', zh: '2小时内路面结冰或积水达30毫米' },
  },
  {
    ...road,
    id: 'passable-3h',
    level: 'green',
    when: 'reading.exists(r, now - r.at < duration("3h"))',
    words: { en: 'Sensors told of nothing in the last 3 hours', zh: '3小时内传感器无异常' },
  },
];
