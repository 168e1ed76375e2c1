import type { Region } from '@symbolon/protocol/schemas/region';
import type * as z from 'zod/mini';

/** Three regions of the sample federation. Their domains end in `.test`, which nobody can own (RFC 6761). */

export const SAMPLE_REGIONS = ['CN-BJ', 'CN-GD', 'CN-HA'] as const;
export type SampleRegion = (typeof SAMPLE_REGIONS)[number];

type RegionFile = z.input<typeof Region>;
type Operators = RegionFile['authorities'][string]['operators'];

const NAMES: Readonly<Record<SampleRegion, RegionFile['names']>> = {
  'CN-BJ': { en: 'Beijing', zh: '北京市' },
  'CN-GD': { en: 'Guangdong', zh: '广东省' },
  'CN-HA': { en: 'Henan', zh: '河南省' },
};

export const SAMPLE_AUTHORITIES = {
  cdc: { en: 'Centre for Disease Control and Prevention', zh: '疾病预防控制中心' },
  community: { en: 'Community Service Office', zh: '社区服务办公室' },
  transport: { en: 'Transport Commission', zh: '交通运输委员会' },
} as const;
export type SampleAuthority = keyof typeof SAMPLE_AUTHORITIES;

/** `iss` of a region's credentials, without a slash at its end. */
export function sampleIssuer(region: SampleRegion): string {
  return `https://${hostOf(region)}`;
}

export interface RegionOptions {
  /** Where the region's functions are reached: `http://127.0.0.1:4100/cn-bj`. */
  readonly endpoint: string;
  /** Public keys of the people who decide by hand. */
  readonly operators?: Partial<Readonly<Record<SampleAuthority, Operators>>>;
}

/** `regions/<id>/region.json` */
export function sampleRegion(region: SampleRegion, { endpoint, operators = {} }: RegionOptions): RegionFile {
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
    endpoints: { issuer: endpoint, lists: `${endpoint}/lists` },
  };
}

function hostOf(region: SampleRegion): string {
  return `${region.toLowerCase()}.symbolon.test`;
}
