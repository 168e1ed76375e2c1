import { createPrivateKey, sign } from 'node:crypto';
import { issueDataIntegrity } from '@symbolon/credential/data-integrity';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { systemRandom as random } from '@symbolon/protocol/random';
import { importJWK, SignJWT } from 'jose';
import type { Figure, Figures } from '../figure.ts';
import { race, type Settings } from '../measure.ts';
import { microseconds, ratio } from '../ratio.ts';
import { type Gate, openGate } from '../workload/gate.ts';
import { jsonLdIssuer } from '../workload/json-ld-peer.ts';
import { batchInputs, mint, signAll, unsignedJsonLd } from '../workload/mint-batches.ts';
import { dailyEntropyBytes, dailyLists, listAheadBytes } from '../workload/published-list.ts';

const DETAILS = { reason: 'No adverse fact is known', evidence: 'no-adverse-fact' };

/**
 * `issue.mint`: batches of 32 by the issuer's use case, with stores in memory. `issue.sdJwt` and `issue.jsonLd`: one credential by its codec.
 * `issue.listsOverEntropy`: what a verifier downloads of status lists.
 */
export async function figures(settings: Settings): Promise<Figures> {
  const gate = await openGate('issue');
  return {
    ...(await batches(gate, settings)),
    ...(await jsonLdBatches(gate, settings)),
    ...(await sdJwt(gate, settings)),
    ...(await jsonLd(gate, settings)),
    ...(await lists()),
  };
}

/**
 * The standard form: the compressed lists, decoys and all, over the entropy of the indices that are withdrawn. The same as signed tokens in a bundle, and what
 * lists add that are published ahead of their first credential, are figures of their own; so are the same entries gap-coded, bare and as the signed compact
 * lists that a bundle would carry: published where a setting says so, and read by no verifier yet.
 */
async function lists(): Promise<Figures> {
  const shares = { '0.1%': 0.001, '1%': 0.01, '5%': 0.05 };
  const figure = { unit: 'x entropy', better: 'lower' } as const;
  const over: Record<string, Figure> = {};
  let worst = 0;
  let worstCompact = 0;
  for (const [name, share] of Object.entries(shares)) {
    const { listBytes, compactBytes, compactDownloadBytes, bundledBytes } = await dailyLists(share);
    const entropy = dailyEntropyBytes(share);
    worst = Math.max(worst, listBytes / entropy);
    const compactDownload = compactDownloadBytes / entropy;
    worstCompact = Math.max(worstCompact, compactDownload);
    over[`issue.listsOverEntropy.${name}`] = { ...figure, value: listBytes / entropy };
    over[`issue.compactOverEntropy.${name}`] = { ...figure, value: compactBytes / entropy, aim: 1.12 };
    over[`issue.compactDownloadOverEntropy.${name}`] = { ...figure, value: compactDownload };
    over[`issue.listsBundled.${name}`] = { ...figure, value: bundledBytes / entropy };
  }
  return {
    'issue.listsOverEntropy': { ...figure, value: worst, must: 2, aim: 1.12 },
    'issue.compactDownloadOverEntropy': { ...figure, value: worstCompact, aim: 1.12 },
    ...over,
    'issue.listAhead.bytes': { value: await listAheadBytes(), unit: 'bytes', better: 'lower' },
  };
}

async function batches(gate: Gate, settings: Settings): Promise<Figures> {
  const privateJwk = insecurePrivateKeyFromSeed('ES256', 'issue floor');
  const key = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' });
  const joseKey = await importJWK({ ...privateJwk }, 'ES256');
  const header = { alg: 'ES256', typ: 'dc+sd-jwt' };
  const { speed, time } = await race(
    {
      name: 'issue.mint',
      operations: 8,
      prepare: batchInputs(gate),
      runners: {
        ours: async ({ holderKeys }) =>
          (await mint(gate, holderKeys, 'dc+sd-jwt')).length === holderKeys.length,
        floor: (batch) => signAll(batch, key),
        // Neither entries, salts, disclosures nor a check.
        jose: async ({ payloads }) => {
          for (const payload of payloads) await new SignJWT(payload).setProtectedHeader(header).sign(joseKey);
          return true;
        },
      },
    },
    settings,
  );
  return {
    'issue.mint': ratio(speed('ours', 'floor'), 'floor', { must: 0.3, aim: 0.6 }),
    'issue.mint.jose': ratio(speed('ours', 'jose'), 'peer', { aim: 1 }),
    'issue.mint.us': microseconds(time('ours')),
  };
}

/** The same in JSON-LD, where the library does nearly all of the work. */
async function jsonLdBatches(gate: Gate, settings: Settings): Promise<Figures> {
  const peer = await jsonLdIssuer(gate);
  const inputs = batchInputs(gate);
  const { speed, time } = await race(
    {
      name: 'issue.mintJsonLd',
      operations: 1,
      prepare: async (count: number) =>
        Promise.all(
          (await inputs(count)).map(async (batch) => ({
            ...batch,
            unsigned: await unsignedJsonLd(gate, batch),
          })),
        ),
      runners: {
        ours: async ({ holderKeys }) => (await mint(gate, holderKeys, 'ldp_vc')).length === holderKeys.length,
        peer: async ({ unsigned }) => {
          for (const each of unsigned) if (!(await peer.issue(each))) return false;
          return true;
        },
      },
    },
    settings,
  );
  return {
    'issue.mintJsonLd': ratio(speed('ours', 'peer'), 'peer', { aim: 1 }),
    'issue.mintJsonLd.us': microseconds(time('ours')),
  };
}

async function sdJwt({ mint: mintOne, issuer, signer }: Gate, settings: Settings): Promise<Figures> {
  const privateJwk = insecurePrivateKeyFromSeed('ES256', 'issue floor');
  const key = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' });
  const joseKey = await importJWK({ ...privateJwk }, 'ES256');
  const { speed, time } = await race(
    {
      name: 'issue.sdJwt',
      operations: 128,
      prepare: async (count: number) =>
        (await mintOne(count, 'dc+sd-jwt')).map(({ credential }) => {
          const { claims, issuerSigningInput } = parseSdJwt(credential);
          const [, payload = ''] = credential.split('.');
          const sameClaims = JSON.parse(Buffer.from(payload, 'base64url').toString());
          return { claims, issuerSigningInput, sameClaims };
        }),
      runners: {
        ours: async ({ claims }) => {
          const order = { issuer: issuer.region.issuer, claims, details: DETAILS, signer, random };
          return (await issueSdJwt(order)).endsWith('~');
        },
        // A bare key object and DER: the fastest way that Node has.
        floor: ({ issuerSigningInput }) => sign('sha256', issuerSigningInput, key).length > 64,
        // Neither salts nor disclosures.
        jose: async ({ sameClaims }) => {
          const jwt = new SignJWT(sameClaims).setProtectedHeader({ alg: 'ES256', typ: 'dc+sd-jwt' });
          return (await jwt.sign(joseKey)).length > 64;
        },
      },
    },
    settings,
  );
  return {
    'issue.sdJwt': ratio(speed('ours', 'floor'), 'floor'),
    'issue.sdJwt.jose': ratio(speed('ours', 'jose'), 'peer', { aim: 1 }),
    'issue.sdJwt.us': microseconds(time('ours')),
  };
}

async function jsonLd(gate: Gate, settings: Settings): Promise<Figures> {
  const { issuer, signer } = gate;
  const peer = await jsonLdIssuer(gate);
  const { speed, time } = await race(
    {
      name: 'issue.jsonLd',
      operations: 32,
      prepare: peer.unsigned,
      runners: {
        ours: async ({ claims }) => {
          const order = { did: issuer.region.did, kid: signer.kid, claims, signer, random };
          return (await issueDataIntegrity(order)).includes('"proofValue"');
        },
        peer: peer.issue,
      },
    },
    settings,
  );
  return {
    'issue.jsonLd': ratio(speed('ours', 'peer'), 'peer', { aim: 1 }),
    'issue.jsonLd.us': microseconds(time('ours')),
  };
}
