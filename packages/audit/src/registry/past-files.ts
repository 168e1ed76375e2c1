import { fromUtf8 } from '@symbolon/protocol/bytes';
import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { check } from '@symbolon/protocol/schemas/common';
import { Federation } from '@symbolon/protocol/schemas/federation';
import { Region, RegionKeys } from '@symbolon/protocol/schemas/region';
import { Scheme } from '@symbolon/protocol/schemas/scheme';
import { type Json, parseStrictJson } from '@symbolon/protocol/strict-json';
import { targetFile } from '@symbolon/registry/file-names';
import { roleThen, type Then } from '@symbolon/registry/history/authority-then';
import type { TargetsMetadata } from '@symbolon/registry/metadata';
import { isExpected, type ReadFile } from '@symbolon/registry/source';
import type { Past, PastRegion } from './past.ts';
import { rulesIn } from './past-rules.ts';

type Content = Pick<Past, 'federation' | 'schemes' | 'regions' | 'roleKeys' | 'damaged'>;

const KEYS = '.keys';
/** Of a file that a role lists, and that is not there or is another one. */
const GONE = 'metadata-missing';

/** Reads what publications brought. What did not change from one to the next is read once, and is the same object. */
export function fileReader(read: ReadFile): { contentOf(meta: Then['meta']): Promise<Content> } {
  const roles = new Map<string, Promise<TargetsMetadata | undefined>>();
  const roleOf = (meta: Then['meta'], role: string) => {
    const { version, hashes } = own(meta, `${role}.json`) ?? {};
    return once(roles, `${role} ${version} ${hashes?.sha256}`, () => roleThen(read, { meta }, role));
  };
  /** Files of one form, each read once. */
  const reader = <T>(parse: (json: Json) => T) => {
    const parsed = new Map<string, Promise<T>>();
    return async (metadata: TargetsMetadata | undefined, path: string): Promise<T | undefined> => {
      const info = own(metadata?.signed.targets ?? {}, path);
      if (info === undefined) return undefined;
      if (info.length > LIMITS.metadataBytes)
        throw new SymbolonError('metadata-too-large', { path, bound: LIMITS.metadataBytes });
      const { sha256 } = info.hashes;
      return once(parsed, `${path} ${sha256}`, async () => {
        const expected = { maxBytes: info.length, sha256 };
        const bytes = await read(targetFile(path, sha256), expected);
        if (bytes === undefined || !isExpected(bytes, expected)) throw new SymbolonError(GONE, { path });
        return parse(parseStrictJson(fromUtf8(bytes)));
      });
    };
  };
  const federationFile = reader((json) => check(Federation, json, 'metadata-malformed'));
  const schemeFile = reader((json) => check(Scheme, json, 'metadata-malformed'));
  const regionFile = reader((json) => check(Region, json, 'region-malformed'));
  const keysFile = reader((json) => check(RegionKeys, json, 'region-malformed'));
  const rulesFile = reader(rulesIn);

  const regionRoleOf = (meta: Then['meta'], role: string) => orNothing(roleOf(meta, role));
  /** `isDamaged`: not what it published, which may be wrong, but what became of it. */
  const regionOf = async (
    meta: Then['meta'],
    id: string,
  ): Promise<{ region: PastRegion; isDamaged: boolean }> => {
    const [role, keysRole] = [await regionRoleOf(meta, id), await regionRoleOf(meta, id + KEYS)];
    const at = (name: string) => `regions/${id}/${name}`;
    const ruleFiles = Object.keys(role?.signed.targets ?? {}).filter((path) => path.startsWith(at('rules.')));
    let isDamaged = [
      [id, role],
      [id + KEYS, keysRole],
    ].some(([name, found]) => found === undefined && own(meta, `${name}.json`) !== undefined);
    const part = async <T>(work: Promise<T | undefined>): Promise<T | undefined> =>
      orNothing(work, (code) => {
        if (code === GONE) isDamaged = true;
      });
    const keys = await part(keysFile(keysRole, at('keys.json')));
    const rules = await Promise.all(ruleFiles.map((path) => part(rulesFile(role, path))));
    const file = await part(regionFile(role, at('region.json')));
    const region = { region: file, keys: keys?.keys ?? [], rules: rules.flatMap((each) => each ?? []) };
    return { region, isDamaged };
  };

  return {
    contentOf: async (meta) => {
      const targets = await roleOf(meta, 'targets');
      const federation = await federationFile(targets, 'federation.json');
      if (federation === undefined) throw new SymbolonError('metadata-missing', { path: 'federation.json' });
      const schemes = new Map<string, Scheme>();
      for (const path of Object.keys(targets?.signed.targets ?? {})) {
        if (!path.startsWith('schemes/')) continue;
        const scheme = await schemeFile(targets, path);
        if (scheme !== undefined) schemes.set(scheme.id, scheme);
      }
      const names = Object.keys(meta).map((file) => file.slice(0, -'.json'.length));
      const ids = names.filter((name) => name !== 'targets' && !name.endsWith(KEYS));
      const regions = new Map<string, PastRegion>();
      const damaged: string[] = [];
      for (const id of ids) {
        const { region, isDamaged } = await regionOf(meta, id);
        regions.set(id, region);
        if (isDamaged) damaged.push(id);
      }
      const roleKeys = new Map<string, readonly string[]>();
      for (const name of ['targets', ...ids]) {
        const metadata = name === 'targets' ? targets : await regionRoleOf(meta, name);
        for (const role of metadata?.signed.delegations?.roles ?? []) roleKeys.set(role.name, role.keyids);
      }
      return { federation, schemes, regions, roleKeys, damaged };
    },
  };
}

/** REQ-REG-019: what is wrong with one region is nothing against the others. */
async function orNothing<T>(
  work: Promise<T | undefined>,
  onFault: (code: Code) => void = () => undefined,
): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!isSymbolonError(error) || error.code === 'metadata-unreachable') throw error;
    onFault(error.code);
    return undefined;
  }
}

function once<T>(known: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  let found = known.get(key);
  if (found === undefined) {
    found = work();
    known.set(key, found);
  }
  return found;
}
