import { packQr } from '@symbolon/credential/qr/pack';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { verify } from '@symbolon/verifier/verify';
import { importJWK, jwtVerify } from 'jose';
import type { Figures } from '../figure.ts';
import { race, type Settings } from '../measure.ts';
import { microseconds, ratio } from '../ratio.ts';
import { importKey, isSigned, keyBoundFloor, rawIssuerSignature } from '../workload/floor.ts';
import { type Gate, openGate } from '../workload/gate.ts';
import { jsonLdPeer } from '../workload/json-ld-peer.ts';

const DETAILS = { reason: 'No adverse fact is known', evidence: 'no-adverse-fact' };

/** The verdict on a presentation, with everything it rests on: status list, rule, recognition in another region, policy. */
export async function figures(settings: Settings): Promise<Figures> {
  const gate = await openGate('verify');
  const pack = (text: string) => packQr(text, gate.trust.registry.dictionary);
  return {
    ...(await keyBound('verify.keyBound', (text) => text, { must: 0.65, aim: 0.85 }, gate, settings)),
    ...(await keyBound('verify.keyBoundQr', pack, {}, gate, settings)),
    ...(await plain(gate, settings)),
    ...(await jsonLd(gate, settings)),
  };
}

async function isAccepted({ trust, policy, now }: Gate, presentation: string): Promise<boolean> {
  return (await verify(presentation, trust, policy, now)).outcome === 'accepted';
}

async function keyBound(
  name: string,
  asShown: (text: string) => string,
  marks: { readonly must?: number; readonly aim?: number },
  gate: Gate,
  settings: Settings,
): Promise<Figures> {
  const issuerKey = importKey(gate.signer.publicJwk);
  const { speed, time } = await race(
    {
      name,
      operations: 128,
      prepare: async (count: number) =>
        (await gate.present(count)).map((text) => ({ shown: asShown(text), ...keyBoundFloor(text) })),
      runners: {
        ours: ({ shown }) => isAccepted(gate, shown),
        floor: ({ issuer, holder, holderJwk }) =>
          isSigned(issuer, issuerKey) && isSigned(holder, importKey(holderJwk)),
      },
    },
    settings,
  );
  return {
    [name]: ratio(speed('ours', 'floor'), 'floor', marks),
    [`${name}.us`]: microseconds(time('ours')),
  };
}

/** One signature: a card without a holder key. jose checks signature and times of the same one, and nothing that a verdict rests on besides. */
async function plain(gate: Gate, settings: Settings): Promise<Figures> {
  const { signer, issuer } = gate;
  const random = insecureRandomFromSeed('verify cards');
  const key = importKey(signer.publicJwk);
  const joseOptions = {
    algorithms: ['ES256'],
    typ: 'dc+sd-jwt',
    issuer: issuer.region.issuer,
    currentDate: new Date(gate.now * 1000),
    requiredClaims: ['iat', 'exp'],
  };
  const joseKey = await importJWK({ ...signer.publicJwk }, 'ES256');
  const cardOf = async (credential: string) => {
    const { holderKey: _, ...claims } = parseSdJwt(credential).claims;
    const bearer = { ...claims, bearer: true };
    const options = { issuer: issuer.region.issuer, claims: bearer, details: DETAILS, signer, random };
    const card = await issueSdJwt(options);
    return { card, jwt: card.slice(0, card.indexOf('~')), raw: rawIssuerSignature(card) };
  };
  const { speed } = await race(
    {
      name: 'verify.plain',
      operations: 256,
      prepare: async (count: number) =>
        Promise.all((await gate.mint(count, 'dc+sd-jwt')).map(({ credential }) => cardOf(credential))),
      runners: {
        ours: ({ card }) => isAccepted(gate, card),
        floor: ({ raw }) => isSigned(raw, key),
        jose: async ({ jwt }) =>
          (await jwtVerify(jwt, joseKey, joseOptions)).payload.iss === joseOptions.issuer,
      },
    },
    settings,
  );
  return {
    'verify.plain': ratio(speed('ours', 'floor'), 'floor'),
    'verify.plain.jose': ratio(speed('ours', 'jose'), 'peer', { aim: 1 }),
  };
}

/** A presentation of a JSON-LD credential: two proofs, and the same two checked by the library alone. */
async function jsonLd(gate: Gate, settings: Settings): Promise<Figures> {
  const peer = jsonLdPeer(gate);
  const { speed, time } = await race(
    {
      name: 'verify.jsonLd',
      operations: 24,
      prepare: peer.presentations,
      runners: { ours: ({ text }) => isAccepted(gate, text), peer: peer.verify },
    },
    settings,
  );
  return {
    'verify.jsonLd': ratio(speed('ours', 'peer'), 'peer', { aim: 1 }),
    'verify.jsonLd.us': microseconds(time('ours')),
  };
}
