import { kidOf } from '@symbolon/keys/kid';
import type { Signer } from '@symbolon/keys/signer';
import { addHours, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { Federation } from '@symbolon/protocol/schemas/federation';
import { Region, type RegionKey } from '@symbolon/protocol/schemas/region';
import { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Publication } from '../publication.ts';
import {
  listedOperators,
  publishedKey,
  SAMPLE_SOURCES,
  type SampleOperators,
  type SampleSources,
  sampleOperators,
  sampleSources,
  seededSigner,
} from './sample-people.ts';
import { SAMPLE_RULES, SAMPLE_SCHEME } from './sample-scheme.ts';

/**
 * A small top-level region for tests: one scheme with a list and an age, three rules, four epochs of issuing keys, two sources, operators of two
 * offices, two overseers. Burst and intake bounds are the defaults; a test with others spreads its own `federation` over this one.
 */
export const NOW: Instant = parseInstant('2026-09-07T08:20:30Z');
export const SAMPLE_ISSUER = 'https://cn-bj.symbolon.test';

const words = { en: 'words', zh: '说明' };

export interface SamplePublication {
  readonly publication: Publication;
  readonly scheme: Scheme;
  /** Signers of the epoch before, of this one, of the one that is held in reserve, and of one that has not begun. */
  readonly signers: readonly [previous: Signer, current: Signer, reserve: Signer, next: Signer];
  readonly sources: SampleSources;
  readonly operators: SampleOperators;
  /** Of the federation: they release what the guard holds. */
  readonly overseers: readonly [Signer, Signer];
}

export async function samplePublication(): Promise<SamplePublication> {
  const signers = [
    await seededSigner('epoch 1'),
    await seededSigner('epoch 2'),
    await seededSigner('epoch 3'),
    await seededSigner('epoch 4'),
  ] as const;
  const overseers = [await seededSigner('overseer 1'), await seededSigner('overseer 2')] as const;
  const operators = await sampleOperators();
  const sources = await sampleSources();
  const scheme = check(Scheme, SAMPLE_SCHEME, 'metadata-malformed');
  return {
    publication: {
      region: check(Region, region(operators, sources), 'region-malformed'),
      keys: signers.map(epochKey),
      schemes: { health: scheme },
      ruleSets: { health: check(RuleSet, SAMPLE_RULES, 'rule-set-malformed') },
      placeLists: {},
      federation: check(
        Federation,
        {
          names: words,
          groups: {},
          freshness: { warnAfterHours: 26, referAfterHours: 96, blockAfterHours: 240 },
          smallestClass: 1,
          overseers: overseers.map(publishedKey),
        },
        'metadata-malformed',
      ),
      parent: undefined,
    },
    scheme,
    signers,
    sources,
    operators,
    overseers,
  };
}

function region(operators: SampleOperators, sources: SampleSources) {
  const source = (name: keyof SampleSources) => ({
    names: words,
    facts: { health: [...SAMPLE_SOURCES[name]] },
    keys: [publishedKey(sources[name].signer)],
  });
  const office = (authority: string) => ({
    names: words,
    operators: listedOperators(operators, authority),
  });
  return {
    region: 'CN-BJ',
    names: words,
    issuer: SAMPLE_ISSUER,
    did: 'did:web:cn-bj.symbolon.test',
    authorities: { cdc: office('cdc'), community: office('community') },
    sources: { lab: source('lab'), tracing: source('tracing') },
    endpoints: { issuer: `${SAMPLE_ISSUER}/api`, lists: `${SAMPLE_ISSUER}/lists` },
  };
}

function epochKey({ publicJwk }: Signer, epoch: number): RegionKey {
  const notBefore = addHours(parseInstant('2026-09-01T00:00:00Z'), (epoch - 2) * 168 + 1);
  return {
    kid: kidOf(publicJwk),
    use: 'credential',
    alg: 'ES256',
    jwk: publicJwk,
    notBefore,
    notAfter: addHours(notBefore, 3 * 168),
  };
}
