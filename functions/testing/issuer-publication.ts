import type { Publication } from '@symbolon/issuer/publication';
import { sampleFederation } from '@symbolon/local/sample/federation';
import { samplePlaces } from '@symbolon/local/sample/places';
import { sampleIssuer, sampleRegion } from '@symbolon/local/sample/regions';
import { sampleRules, sampleSchemesOf } from '@symbolon/local/sample/rules';
import { SAMPLE_SCHEMES } from '@symbolon/local/sample/schemes';
import { parseInstant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { Federation } from '@symbolon/protocol/schemas/federation';
import type { LogPlace } from '@symbolon/protocol/schemas/log';
import { PlaceList, Region, RegionKey } from '@symbolon/protocol/schemas/region';
import { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import { Scheme } from '@symbolon/protocol/schemas/scheme';
import { issuerLogPlace, issuerWitnesses } from './issuer-log.ts';
import {
  listedOperators,
  OVERSEER_NAMES,
  overseerSigner,
  publishedKey,
  SOURCE_NAMES,
  seededSigner,
  sourceSigner,
} from './issuer-people.ts';

export const NOW = parseInstant('2026-09-07T08:20:30Z');
export const ISSUER = sampleIssuer('CN-BJ');
export const issuingSigner = () => seededSigner('issuing');

/** What Beijing has published in the sample federation, with the keys of `issuer-people.ts`. */
export async function issuerPublication(): Promise<Publication> {
  const issuing = publishedKey(await issuingSigner());
  const epoch = { notBefore: '2026-09-07T00:00:00Z', notAfter: '2026-09-14T00:00:00Z' };
  const overseers = await Promise.all(
    OVERSEER_NAMES.map(async (name) => publishedKey(await overseerSigner(name))),
  );
  const schemes = Object.values(SAMPLE_SCHEMES).map((file) => check(Scheme, file, 'metadata-malformed'));
  const ruleSets = sampleSchemesOf('CN-BJ').map((scheme) =>
    check(RuleSet, sampleRules('CN-BJ', scheme), 'rule-set-malformed'),
  );
  const places = (['health', 'travel'] as const).map((scheme) =>
    check(PlaceList, samplePlaces('CN-BJ', scheme, '2026-09-07T08:00:00Z'), 'metadata-malformed'),
  );
  const log = await issuerLogPlace();
  const federation = sampleFederation({ overseers, witnesses: await issuerWitnesses() });
  return {
    region: check(Region, await region(log), 'region-malformed'),
    keys: [check(RegionKey, { ...issuing, use: 'credential', ...epoch }, 'region-malformed')],
    schemes: Object.fromEntries(schemes.map((scheme) => [scheme.id, scheme])),
    ruleSets: Object.fromEntries(ruleSets.map((set) => [set.scheme, set])),
    placeLists: Object.fromEntries(places.map((list) => [list.scheme, list])),
    federation: check(Federation, federation, 'metadata-malformed'),
    parent: undefined,
    log,
  };
}

async function region(log: LogPlace) {
  const insider = { ...publishedKey(await overseerSigner('insider')), roles: ['approve'] };
  const sources = await Promise.all(
    SOURCE_NAMES.map(async (name) => [name, [publishedKey(await sourceSigner(name))]] as const),
  );
  return sampleRegion('CN-BJ', {
    endpoint: `${ISSUER}/api`,
    operators: {
      cdc: await listedOperators('cdc'),
      community: [...(await listedOperators('community')), insider],
    },
    sources: Object.fromEntries(sources),
    log,
  });
}
