import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type * as z from 'zod/mini';

export type SchemeFile = z.input<typeof Scheme>;
type FactTypes = SchemeFile['factTypes'];

/** Fact types that several schemes read. */

/** A laboratory test. */
export const PCR = {
  titles: { en: 'Nucleic acid test', zh: '核酸检测' },
  fields: { result: 'string' },
  values: { result: ['positive', 'negative'] },
  keepHours: 14 * 24,
} satisfies FactTypes[string];

/** What the region says of a place: `places.<scheme>.json`. */
export const RISK_AREA = {
  titles: { en: 'Area at risk', zh: '风险地区' },
  about: 'place',
  fields: { place: 'string', risk: 'string' },
  values: { risk: ['high', 'medium', 'low'] },
  keepHours: 28 * 24,
} satisfies FactTypes[string];
