import { packQr } from '@symbolon/credential/qr/pack';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { verify } from '@symbolon/verifier/verify';
import { importJWK, jwtVerify } from 'jose';
import type { Figures } from '../figure.ts';
import { race, type Settings } from '../measure.ts';
import { kilobytes, microseconds, multiple, ratio } from '../ratio.ts';
import { browserBundleBytes } from '../workload/browser-bundle.ts';
import { raceFirstVerdict } from '../workload/first-verdict.ts';
import { importKey, isSigned, keyBoundFloor, rawIssuerSignature } from '../workload/floor.ts';
import { type Gate, openGate } from '../workload/gate.ts';
import { jsonLdPeer } from '../workload/json-ld-peer.ts';
import { raceStatusDecode } from '../workload/status-decode.ts';

const DETAILS = { reason: 'No adverse fact is known', evidence: 'no-adverse-fact' };

const REGIONS = 334;

/** The verdict on a presentation, with everything it rests on: status list, rule, recognition in another region, policy. The registry is a country's. */
export async function figures(settings: Settings): Promise<Figures> {
  const gate = await openGate('verify', 'country');
  if (Object.keys(gate.trust.registry.regions).length !== REGIONS) throw new Error('a region is missing');
  return {
    ...(await keyBound(gate, settings)),
    ...(await plain(gate, settings)),
    ...(await jsonLd(gate, settings)),
    ...(await statusDecode(settings)),
    ...(await firstVerdict(gate, settings)),
    'verify.browserKb': kilobytes(await browserBundleBytes(), { must: 150, aim: 90 }),
  };
}

async function isAccepted({ trust, policy, now }: Gate, presentation: string): Promise<boolean> {
  return (await verify(presentation, trust, policy, now)).outcome === 'accepted';
}

/** The same presentations as text and as `SYM1:` text, one after another on one thread, and the floor of both. */
async function keyBound(gate: Gate, settings: Settings): Promise<Figures> {
  const issuerKey = importKey(gate.signer.publicJwk);
  const { speed, time } = await race(
    {
      name: 'verify.keyBound',
      operations: 128,
      prepare: async (count: number) =>
        (await gate.present(count)).map((text) => ({
          text,
          qr: packQr(text, gate.trust.registry.dictionary),
          ...keyBoundFloor(text),
        })),
      runners: {
        text: ({ text }) => isAccepted(gate, text),
        qr: ({ qr }) => isAccepted(gate, qr),
        floor: ({ issuer, holder, holderJwk }) =>
          isSigned(issuer, issuerKey) && isSigned(holder, importKey(holderJwk)),
      },
    },
    settings,
  );
  return {
    'verify.keyBound': ratio(speed('text', 'floor'), 'floor', { must: 0.65, aim: 0.85 }),
    'verify.keyBound.us': microseconds(time('text')),
    'verify.keyBoundQr': ratio(speed('qr', 'floor'), 'floor'),
    'verify.keyBoundQr.us': microseconds(time('qr')),
    'verify.qrOverText': multiple(speed('text', 'qr'), 'text', { must: 1.3, aim: 1.1 }),
  };
}

/** A status list of the largest size, from the text of its token to its entries, over the inflation of its bytes alone. */
async function statusDecode(settings: Settings): Promise<Figures> {
  const { speed } = await raceStatusDecode(settings);
  return { 'verify.statusDecode': multiple(speed('floor', 'ours'), 'raw', { must: 2, aim: 1.2 }) };
}

/** The sample federation is the mark's: it is in every checkout. What a country takes besides is its own figure. */
async function firstVerdict(country: Gate, settings: Settings): Promise<Figures> {
  const all = ['ours', 'oursPlain', 'jose', 'joseSnapshot'] as const;
  const sample = await raceFirstVerdict(
    'verify.firstVerdict',
    await openGate('first verdict'),
    all,
    settings,
  );
  const large = await raceFirstVerdict('verify.firstVerdict334', country, ['ours', 'jose'], settings);
  return {
    'verify.firstVerdict': multiple(sample.speed('jose', 'ours'), 'peer', { must: 2, aim: 1.3 }),
    'verify.firstVerdict.us': microseconds(sample.time('ours')),
    'verify.firstVerdictPlain': multiple(sample.speed('jose', 'oursPlain'), 'peer'),
    'verify.firstVerdictBoth': multiple(sample.speed('joseSnapshot', 'ours'), 'peer'),
    'verify.firstVerdict334': multiple(large.speed('jose', 'ours'), 'peer'),
    'verify.firstVerdict334.us': microseconds(large.time('ours')),
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
