import { fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { type Json, parseStrictJson } from '@symbolon/protocol/strict-json';
import { targetFile } from '../metadata/file-names.ts';
import { checkIntegrity } from '../metadata/integrity.ts';
import type { TargetsMetadata } from '../metadata/metadata.ts';
import { regionFile } from '../registry-view/owners.ts';
import { readRegionKeys, readRuleSet } from '../registry-view/region-files.ts';
import { hashEach } from '../registry-view/rule-hashes.ts';
import type { ReadFile } from '../registry-view/source.ts';

type Role = TargetsMetadata | undefined;

/** A file as a role's metadata lists it. @throws SymbolonError `metadata-missing`, `metadata-mismatch`, `metadata-too-large`, `json-...` */
async function listedJson(read: ReadFile, role: Role, path: string): Promise<Json | undefined> {
  const info = own(role?.signed.targets ?? {}, path);
  if (info === undefined) return undefined;
  if (info.length > LIMITS.metadataBytes)
    throw new SymbolonError('metadata-too-large', { bound: LIMITS.metadataBytes });
  const file = targetFile(path, info.hashes.sha256);
  const bytes = await read(file, { maxBytes: info.length, sha256: info.hashes.sha256 });
  if (bytes === undefined) throw new SymbolonError('metadata-missing', { path: file });
  // REQ-REG-007
  checkIntegrity(bytes, info);
  return parseStrictJson(fromUtf8(bytes));
}

/** The keys of a region as its keys role listed them. @throws also SymbolonError `region-malformed` */
export async function keysThen(read: ReadFile, region: string, role: Role): Promise<readonly RegionKey[]> {
  const json = await listedJson(read, role, regionFile(region, 'keys.json'));
  return json === undefined ? [] : readRegionKeys(region, json).keys;
}

export interface RuleThen {
  /** `exposure-14d@3` */
  readonly rule: string;
  /** Of its canonical form, as `hashEach` gives it. */
  readonly digest: string;
}

/** The rules of a region for one scheme as its role listed them. @throws also SymbolonError `region-malformed` */
export async function rulesThen(
  read: ReadFile,
  region: string,
  scheme: string,
  role: Role,
): Promise<readonly RuleThen[]> {
  const json = await listedJson(read, role, regionFile(region, `rules.${scheme}.json`));
  if (json === undefined) return [];
  const ruleSet = readRuleSet(region, scheme, json);
  const hashes = hashEach(ruleSet, json);
  return ruleSet.rules.map(({ id, version }, i) => ({ rule: `${id}@${version}`, digest: hashes[i] ?? '' }));
}
