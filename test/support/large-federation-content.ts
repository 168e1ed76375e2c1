import { SAMPLE_FEDERATION, sampleDictionary } from '@symbolon/local/sample/federation';
import { sampleRecognition } from '@symbolon/local/sample/recognition';
import { SAMPLE_AUTHORITIES, SAMPLE_REGIONS } from '@symbolon/local/sample/regions';
import { sampleRules } from '@symbolon/local/sample/rules';
import { SAMPLE_SCHEMES } from '@symbolon/local/sample/schemes';
import type { Bytes } from '@symbolon/protocol/bytes';
import { jsonFile } from '@symbolon/registry/json-file';
import type { LargeRegion } from './large-federation.ts';

/** What the regions of a large federation publish: the sample's rules and words, and two authorities, one with operators of its own. */

export const LARGE_FEDERATION_FILES: ReadonlyMap<string, Bytes> = new Map([
  ['federation.json', jsonFile({ ...SAMPLE_FEDERATION, groups: {} })],
  ['dictionary.json', jsonFile(sampleDictionary())],
  ['schemes/health.json', jsonFile(SAMPLE_SCHEMES.health)],
  ['schemes/test.json', jsonFile(SAMPLE_SCHEMES.test)],
]);

/** `iss` of the region's credentials. */
export function issuerOf(id: string): string {
  return `https://${hostOf(id)}`;
}

/** Everything in a region's folder but `keys.json`. */
export function largeRegionFiles(region: LargeRegion): ReadonlyMap<string, Bytes> {
  const { id } = region;
  return new Map([
    [`regions/${id}/region.json`, jsonFile(regionJson(region))],
    [`regions/${id}/rules.health.json`, rulesFile(region, 'health')],
    [`regions/${id}/rules.test.json`, rulesFile(region, 'test')],
    // Everyone recognises everyone, as Guangdong does.
    [`regions/${id}/recognition.json`, jsonFile({ ...sampleRecognition('CN-GD'), region: id })],
  ]);
}

/** The same law, read in three ways. A city goes by its province's reading, and leaves tracing contacts and stays to the province. */
function rulesFile({ id, parent, variant }: LargeRegion, scheme: 'health' | 'test'): Bytes {
  const { rules, ...set } = sampleRules(SAMPLE_REGIONS[variant % SAMPLE_REGIONS.length] ?? 'CN-BJ', scheme);
  const own = rules.filter(({ evidence }) => parent === undefined || !PROVINCIAL.has(evidence));
  return jsonFile({ ...set, region: id, rules: own });
}

const PROVINCIAL = new Set(['contact-tracing', 'travel-history']);

function regionJson({ id, names, operators }: LargeRegion) {
  const host = hostOf(id);
  const [officer, reviewer] = operators.map(({ kid, alg, publicJwk }) => ({
    kid,
    alg,
    jwk: publicJwk,
  }));
  return {
    region: id,
    names,
    issuer: issuerOf(id),
    did: `did:web:${host}`,
    authorities: {
      cdc: {
        names: SAMPLE_AUTHORITIES.cdc,
        operators: [
          { ...officer, roles: ['case-officer'] },
          { ...reviewer, roles: ['reviewer'] },
        ],
      },
      community: {
        names: SAMPLE_AUTHORITIES.community,
        operators: [],
      },
    },
    endpoints: { issuer: `https://${host}/api`, lists: `https://${host}/api/lists` },
  };
}

function hostOf(id: string): string {
  return `${id.toLowerCase()}.symbolon.test`;
}
