import { contexts } from '@digitalbazaar/credentials-context';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import { checkStatus } from '@digitalbazaar/vc-bitstring-status-list';
import statusV1 from '@symbolon/credential/contexts/status-v1.json' with { type: 'json' };
import { enrol } from '@symbolon/issuer/enrol';
import { entryAllocator } from '@symbolon/issuer/entry-allocator';
import { evaluate } from '@symbolon/issuer/evaluate';
import { takeInBatch } from '@symbolon/issuer/intake';
import { memoryStores } from '@symbolon/issuer/memory-stores';
import { mintBatch } from '@symbolon/issuer/mint-batch';
import { publishLists } from '@symbolon/issuer/publish-lists';
import { sampleLog } from '@symbolon/issuer/sample-log';
import { multikeyOf } from '@symbolon/keys/multikey';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { addSeconds, type Instant } from '@symbolon/protocol/instant';
import { importJWK, jwtVerify } from 'jose';
import type { DocumentLoader } from 'jsonld-signatures';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { signBatch } from '../../packages/issuer/src/testing/sample-batch.ts';
import {
  NOW,
  SAMPLE_ISSUER,
  type SamplePublication,
  samplePublication,
} from '../../packages/issuer/src/testing/sample-publication.ts';

/**
 * What the issuer mints and publishes, in the hands of others who have nothing of ours: jose, and Digital Bazaar's libraries with a loader that serves what the
 * web would. They read the clock of the machine, so that one is set.
 */
let sample: SamplePublication;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
  sample = await samplePublication();
});

afterEach(() => {
  vi.useRealTimers();
});

async function region() {
  const { publication, scheme, signers, operators, sources } = sample;
  const stores = memoryStores();
  const random = insecureRandomFromSeed('others');
  const entries = entryAllocator({ lists: stores.lists, random, listEntries: 2 ** 17 });
  const { decisionLog, round } = await sampleLog(stores, publication);
  const ports = { ...stores, random, entries, signers, decisionLog };
  const identifiers = [{ kind: 'identity-card', value: 'TEST0001' }];
  const { subject } = await enrol(ports, identifiers, operators.clerk.ref, NOW);
  const report = async (id: string, result: string, now: Instant) => {
    const fact = { id, subject, type: 'pcr', at: addSeconds(now, -600), fields: { result } };
    const batch = await signBatch(sources.lab, id, [fact], now);
    await takeInBatch(ports, publication, batch, operators.clerk.ref, now);
  };
  const mint = async (format: 'dc+sd-jwt' | 'ldp_vc', now: Instant) => {
    const { decision } = await evaluate(ports, publication, scheme, subject, now);
    const holderKeys = [publicPart(insecurePrivateKeyFromSeed('ES256', `${format} ${now}`))];
    const [credential = ''] = await mintBatch(ports, publication, { decision, format, holderKeys }, now);
    return credential;
  };
  const publish = (now: Instant) =>
    publishLists(
      ports,
      {
        signer: signers[1],
        listEntries: 2 ** 17,
        ttlSeconds: 300,
        resignSeconds: 3600,
        readableSeconds: 98 * 3600,
        issuer: SAMPLE_ISSUER,
        did: publication.region.did,
        aheadHours: 0,
        lifeHours: 24,
        bitstring: true,
      },
      now,
    );
  return { stores, report, mint, publish, round };
}

it('jose verifies the issuer’s JWT of an SD-JWT with the published key', async () => {
  const { report, mint } = await region();
  await report('first', 'negative', NOW);
  const [jwt = ''] = (await mint('dc+sd-jwt', addSeconds(NOW, 1))).split('~');
  const { kid } = JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString());
  const { jwk } = sample.publication.keys.find((each) => each.kid === kid) ?? expect.unreachable();
  const { payload, protectedHeader } = await jwtVerify(jwt, await importJWK({ ...jwk }, 'ES256'), {
    algorithms: ['ES256'],
    issuer: SAMPLE_ISSUER,
    typ: 'dc+sd-jwt',
    requiredClaims: ['iat', 'exp', 'cnf', 'status', '_sd'],
  });
  expect([protectedHeader.alg, payload['level']]).toEqual(['ES256', 'green']);
});

it('Digital Bazaar’s libraries verify a JSON-LD credential with its status, and see it suspended once a fact has changed', async () => {
  const { stores, report, mint, publish, round } = await region();
  await report('first', 'negative', NOW);
  const credential: object = JSON.parse(await mint('ldp_vc', addSeconds(NOW, 1)));
  const verdict = async () => {
    const documentLoader = webOf(stores.publisher.files);
    const suite = () => new DataIntegrityProof({ cryptosuite });
    const { verified, error } = await vc.verifyCredential({
      credential,
      suite: suite(),
      documentLoader,
      now: new Date(NOW * 1000),
      checkStatus: async () => ({ verified: true }),
    });
    const { results = [] } = await checkStatus({ credential, suite: suite(), documentLoader });
    return {
      verified,
      error,
      statuses: results.map(({ credentialStatus, status }) => [credentialStatus.statusPurpose, status]),
    };
  };
  await publish(addSeconds(NOW, 2));
  expect(await verdict()).toEqual({
    verified: true,
    error: undefined,
    statuses: [
      ['revocation', false],
      ['suspension', false],
    ],
  });
  await report('second', 'positive', addSeconds(NOW, 600));
  // Witnesses see the leaf, and from then on the decision takes effect.
  await round(addSeconds(NOW, 601));
  await publish(addSeconds(NOW, 900));
  vi.setSystemTime((NOW + 901) * 1000);
  expect((await verdict()).statuses).toEqual([
    ['revocation', false],
    ['suspension', true],
  ]);
});

/** Contexts, the region's did document and its lists, as the web would answer. */
function webOf(files: ReadonlyMap<string, string>): DocumentLoader {
  const { did } = sample.publication.region;
  const methods = sample.publication.keys.map(({ kid, jwk }) => ({
    id: `${did}#${kid}`,
    type: 'Multikey',
    controller: did,
    publicKeyMultibase: multikeyOf(jwk),
  }));
  const context = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'];
  const documents = new Map<string, object | undefined>([
    ['https://www.w3.org/ns/credentials/v2', contexts.get('https://www.w3.org/ns/credentials/v2')],
    ['https://symbolon.example/contexts/status/v1', statusV1],
    [
      did,
      {
        '@context': context,
        id: did,
        verificationMethod: methods,
        assertionMethod: methods.map(({ id }) => id),
      },
    ],
    ...methods.map((method) => [method.id, { '@context': context[1], ...method }] as const),
    ...[...files]
      .filter(([, text]) => text.startsWith('{'))
      .map(([id, text]) => [`${SAMPLE_ISSUER}/lists/${id}`, JSON.parse(text)] as const),
  ]);
  return async (url) => {
    const document = documents.get(url);
    if (document === undefined) throw new Error(`not served: ${url}`);
    return { contextUrl: null, documentUrl: url, document };
  };
}
