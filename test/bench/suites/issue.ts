import { createPrivateKey, sign } from 'node:crypto';
import { issueDataIntegrity } from '@symbolon/credential/data-integrity';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { systemRandom as random } from '@symbolon/protocol/random';
import { importJWK, SignJWT } from 'jose';
import type { Figures } from '../figure.ts';
import { race, type Settings } from '../measure.ts';
import { microseconds, ratio } from '../ratio.ts';
import { type Gate, openGate } from '../workload/gate.ts';
import { jsonLdIssuer } from '../workload/json-ld-peer.ts';

const DETAILS = { reason: 'No adverse fact is known', evidence: 'no-adverse-fact' };

/** The minting of one credential on a key in memory: salts, digests, form, signature. What the issuer stores is not measured. */
export async function figures(settings: Settings): Promise<Figures> {
  const gate = await openGate('issue');
  return { ...(await sdJwt(gate, settings)), ...(await jsonLd(gate, settings)) };
}

async function sdJwt({ mint, issuer, signer }: Gate, settings: Settings): Promise<Figures> {
  const privateJwk = insecurePrivateKeyFromSeed('ES256', 'issue floor');
  const key = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' });
  const joseKey = await importJWK({ ...privateJwk }, 'ES256');
  const { speed, time } = await race(
    {
      name: 'issue.sdJwt',
      operations: 128,
      prepare: async (count: number) =>
        (await mint(count, 'dc+sd-jwt')).map(({ credential }) => {
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
