import { formatInstant } from '@symbolon/protocol/instant';
import { NOW, SCHEME } from './small-registry.ts';

/** A list of places for the tests of this package, and a scheme that has a fact type about them. */

const titles = { en: 'words', zh: '文字' };

export const SCHEME_WITH_PLACES = {
  ...SCHEME,
  factTypes: {
    contact: { titles, fields: {}, keepHours: 24 },
    riskArea: {
      titles,
      about: 'place',
      fields: { place: 'string', risk: 'string', since: 'timestamp' },
      values: { risk: ['low', 'high'] },
      keepHours: 24,
    },
  },
};

const MARKET = {
  type: 'riskArea',
  place: 'market',
  at: formatInstant(NOW),
  fields: { risk: 'high', since: NOW as number },
};

export function placeList(...entries: readonly object[]) {
  return { region: 'CN-HA', scheme: 'health', entries: entries.length === 0 ? [MARKET] : entries };
}
