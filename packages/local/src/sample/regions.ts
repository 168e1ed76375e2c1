import { parentRegion } from '@symbolon/protocol/ids';
import type { Region } from '@symbolon/protocol/schemas/region';
import type * as z from 'zod/mini';

/** Three regions of the sample federation, and a district below one of them. Their domains end in `.test`, which nobody can own (RFC 6761). */

export const SAMPLE_REGIONS = ['CN-BJ', 'CN-GD', 'CN-HA'] as const;
export type SampleRegion = (typeof SAMPLE_REGIONS)[number];

/** Each is delegated by the region above it. */
export const SAMPLE_DISTRICTS = ['CN-BJ.haidian'] as const;
export type SampleDistrict = (typeof SAMPLE_DISTRICTS)[number];
export type AnySampleRegion = SampleRegion | SampleDistrict;

/** Each after the region that delegates it. */
export const ALL_SAMPLE_REGIONS: readonly AnySampleRegion[] = [...SAMPLE_REGIONS, ...SAMPLE_DISTRICTS];

/** The districts that a region delegates. */
export function sampleDistrictsOf(region: AnySampleRegion): readonly SampleDistrict[] {
  return SAMPLE_DISTRICTS.filter((district) => parentRegion(district) === region);
}

type RegionFile = z.input<typeof Region>;
type Operators = RegionFile['authorities'][string]['operators'];
type Sources = NonNullable<RegionFile['sources']>;

const NAMES: Readonly<Record<AnySampleRegion, RegionFile['names']>> = {
  'CN-BJ': { en: 'Beijing', zh: '北京市' },
  'CN-BJ.haidian': { en: 'Haidian, Beijing', zh: '北京市海淀区' },
  'CN-GD': { en: 'Guangdong', zh: '广东省' },
  'CN-HA': { en: 'Henan', zh: '河南省' },
};

export const SAMPLE_AUTHORITIES = {
  cdc: { en: 'Centre for Disease Control and Prevention', zh: '疾病预防控制中心' },
  community: { en: 'Community Service Office', zh: '社区服务办公室' },
  transport: { en: 'Transport Commission', zh: '交通运输委员会' },
} as const;
export type SampleAuthority = keyof typeof SAMPLE_AUTHORITIES;

/** Who reports facts, and which: scheme to fact types. */
export const SAMPLE_SOURCES = {
  lab: {
    names: { en: 'Laboratories and clinics', zh: '检验机构和医疗机构' },
    facts: { health: ['pcr'], test: ['pcr'], vaccination: ['dose'] },
  },
  'contact-tracing': {
    names: { en: 'Contact tracing teams', zh: '流行病学调查队' },
    facts: { health: ['contact'], 'community-pass': ['observation'] },
  },
  'transport-records': {
    names: { en: 'Records of carriers', zh: '客运出行记录' },
    facts: { health: ['stay'], travel: ['visit'] },
  },
  residents: {
    names: { en: 'Residents, about themselves', zh: '居民自行申报' },
    facts: { health: ['declaration'], 'community-pass': ['residence', 'visit'] },
  },
  'road-sensors': {
    names: { en: 'Road sensors', zh: '道路传感器' },
    facts: { 'road-condition': ['reading'] },
  },
} satisfies Record<string, Pick<Sources[string], 'names' | 'facts'>>;
export type SampleSource = keyof typeof SAMPLE_SOURCES;

/** `iss` of a region's credentials, without a slash at its end. */
export function sampleIssuer(region: AnySampleRegion): string {
  return `https://${hostOf(region)}`;
}

export interface RegionOptions {
  /** Where the region's functions are reached: `http://127.0.0.1:4100/cn-bj`. */
  readonly endpoint: string;
  /** Public keys of the people who decide by hand. */
  readonly operators?: Partial<Readonly<Record<SampleAuthority, Operators>>>;
  /** Public keys of those who report facts. A source without any is left out. */
  readonly sources?: Partial<Readonly<Record<SampleSource, Sources[string]['keys']>>>;
  /** Where its decisions are logged. A region without one logs under the region above it. */
  readonly log?: RegionFile['log'];
}

/** `regions/<id>/region.json` */
export function sampleRegion(region: AnySampleRegion, options: RegionOptions): RegionFile {
  const { endpoint, operators = {}, sources, log } = options;
  const authority = (id: SampleAuthority) => ({
    names: SAMPLE_AUTHORITIES[id],
    operators: operators[id] ?? [],
  });
  return {
    region,
    names: NAMES[region],
    issuer: sampleIssuer(region),
    did: `did:web:${hostOf(region)}`,
    authorities: {
      cdc: authority('cdc'),
      community: authority('community'),
      transport: authority('transport'),
    },
    ...(sources === undefined ? {} : { sources: listed(sources) }),
    ...(log === undefined ? {} : { log }),
    endpoints: { issuer: endpoint, lists: `${endpoint}/lists` },
  };
}

function listed(sources: NonNullable<RegionOptions['sources']>): Sources {
  const all = Object.entries(SAMPLE_SOURCES) as [SampleSource, Pick<Sources[string], 'names' | 'facts'>][];
  return Object.fromEntries(
    all.flatMap(([name, source]) => {
      const keys = sources[name] ?? [];
      return keys.length === 0 ? [] : [[name, { ...source, keys: [...keys] }]];
    }),
  );
}

function hostOf(region: AnySampleRegion): string {
  // A label of the name, from the district up: `haidian.cn-bj`.
  return `${region.toLowerCase().split('.').toReversed().join('.')}.symbolon.test`;
}
