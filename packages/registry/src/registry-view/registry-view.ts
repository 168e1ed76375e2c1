import type { Code } from '@symbolon/protocol/codes';
import type { Instant } from '@symbolon/protocol/instant';
import type { Dictionary, Federation } from '@symbolon/protocol/schemas/federation';
import type { PlaceList, Recognition, Region, RegionKey } from '@symbolon/protocol/schemas/region';
import type { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';

/** What one region has published, signed by its own roles. */
export interface RegionView {
  readonly region: Region;
  readonly keys: readonly RegionKey[];
  /** Kids that this client saw published too late for what they say: they count from these times on only (REQ-KEY-012). */
  readonly lateKeys: Readonly<Record<string, Instant>>;
  /** `scheme/id@version` of rules that this client saw published too late for what they say: they count from these times on only (REQ-RUL-010). */
  readonly lateRules: Readonly<Record<string, Instant>>;
  /** By scheme. */
  readonly ruleSets: Readonly<Record<string, RuleSet>>;
  /** By scheme: what the region says of places. Rules read it; a verifier does not. */
  readonly placeLists: Readonly<Record<string, PlaceList>>;
  readonly recognition: Recognition | undefined;
  /** Earliest expiry of the roles that speak for this region, and of those that delegate to them. */
  readonly expires: Instant;
  /** Whether that had passed when the registry was opened. Only ever true when it was opened `offline`. */
  readonly expired: boolean;
}

/**
 * Why a region cannot be used: `metadata-missing` its roles are not in this copy (a bundle of chosen regions, or a region that has not
 * published yet); `region-expired` online only; `region-malformed` a file is damaged or does not match; `rule-mutated` a rule that
 * this client saw before has another text now; `role-without-lead` keys that are too new in its roles signed for it.
 */
export type RegionFault = Extract<
  Code,
  'metadata-missing' | 'region-expired' | 'region-malformed' | 'rule-mutated' | 'role-without-lead'
>;

/** The registry as plain data. Everything in it was checked against the pinned root. Read records with `own`. */
export interface RegistryView {
  /** Of the snapshot: it names the content. How fresh that is, `signedAt` says. */
  readonly version: number;
  /** Of the snapshot's file, in hex. */
  readonly snapshotSha256: string;
  /** When the snapshot says that it was published: the word of the online roles. Nothing when its record does not tell. */
  readonly publishedAt: Instant | undefined;
  /** When the timestamp was signed: what freshness is graded by. */
  readonly signedAt: Instant;
  readonly rootExpires: Instant;
  readonly targetsExpires: Instant;
  readonly federation: Federation;
  readonly dictionary: Dictionary;
  readonly schemes: Readonly<Record<string, Scheme>>;
  readonly regions: Readonly<Record<string, RegionView>>;
  /** A region is here or in `regions`, never in both. */
  readonly malformedRegions: Readonly<Record<string, RegionFault>>;
}
