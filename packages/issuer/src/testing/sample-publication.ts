import { kidOf } from '@symbolon/keys/kid';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { addHours, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { Region, type RegionKey } from '@symbolon/protocol/schemas/region';
import { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Publication } from '../publication.ts';

/** A small region for tests: one scheme with a list and an age, two rules, four epochs of issuing keys. */
export const NOW: Instant = parseInstant('2026-09-07T08:20:30Z');

const words = { en: 'words', zh: '说明' };
const titles = words;

const SCHEME = {
  id: 'health',
  major: 1,
  titles,
  subjects: 'person',
  purposes: ['venue-entry'],
  levels: [
    { id: 'green', effect: 'favourable', titles },
    { id: 'red', effect: 'adverse', titles },
  ],
  factTypes: {
    pcr: {
      titles,
      fields: { result: 'string' },
      values: { result: ['positive', 'negative'] },
      keepHours: 240,
    },
    stay: { titles, fields: { risk: 'string' }, keepHours: 240 },
  },
  evidenceClasses: ['laboratory', 'none'],
  longestValidityHours: 24,
  statusList: true,
  ageFrom: 'pcr',
  bearer: false,
} as const;

const rule = (id: string, level: string, when: string, evidence: string) => ({
  id,
  version: 1,
  level,
  when,
  authorities: ['cdc'],
  evidence,
  legalBasis: words,
  words: { en: `Because of ${id}.`, zh: words.zh },
  from: '2026-01-01T00:00:00Z',
  sunset: '2027-01-01T00:00:00Z',
  contestHours: 24,
});

export interface SamplePublication {
  readonly publication: Publication;
  readonly scheme: Scheme;
  /** Signers of the epoch before, of this one, of the one that is held in reserve, and of one that has not begun. */
  readonly signers: readonly [previous: Signer, current: Signer, reserve: Signer, next: Signer];
}

export async function samplePublication(): Promise<SamplePublication> {
  const signer = (seed: string) => createLocalSigner(insecurePrivateKeyFromSeed('ES256', seed));
  const signers = [
    await signer('epoch 1'),
    await signer('epoch 2'),
    await signer('epoch 3'),
    await signer('epoch 4'),
  ] as const;
  const keys = signers.map((each, epoch): RegionKey => {
    const notBefore = addHours(parseInstant('2026-09-01T00:00:00Z'), (epoch - 2) * 168 + 1);
    return {
      kid: kidOf(each.publicJwk),
      use: 'credential',
      alg: 'ES256',
      jwk: each.publicJwk,
      notBefore,
      notAfter: addHours(notBefore, 3 * 168),
    };
  });
  const scheme = check(Scheme, SCHEME, 'metadata-malformed');
  const region = check(
    Region,
    {
      region: 'CN-BJ',
      names: words,
      issuer: 'https://cn-bj.symbolon.test',
      did: 'did:web:cn-bj.symbolon.test',
      authorities: { cdc: { names: words, operators: [] } },
      endpoints: { issuer: 'https://cn-bj.symbolon.test/api', lists: 'https://cn-bj.symbolon.test/lists' },
    },
    'region-malformed',
  );
  const ruleSet = check(
    RuleSet,
    {
      region: 'CN-BJ',
      scheme: 'health',
      rules: [
        rule(
          'positive',
          'red',
          'pcr.exists(p, p.result == "positive" && now - p.at < duration("168h"))',
          'laboratory',
        ),
        rule(
          'tested',
          'green',
          'pcr.exists(p, p.result == "negative" && now - p.at < duration("72h"))',
          'laboratory',
        ),
      ],
    },
    'rule-set-malformed',
  );
  return {
    publication: { region, keys, schemes: { health: scheme }, ruleSets: { health: ruleSet } },
    scheme,
    signers,
  };
}
