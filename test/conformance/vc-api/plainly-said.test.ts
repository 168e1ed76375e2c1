import type { JsonObject } from '@symbolon/protocol/strict-json';
import { describe, expect, it } from 'vitest';
import { problemOf } from './client.ts';
import { CREDENTIALS_V2 } from './contexts.ts';
import { BSL, EDDSA, P256, unsigned, useServer } from './testing.ts';

/** A proof covers statements: whoever holds a credential can give its members other names, and the proof still holds. */
const { issued, server, verify } = useServer();
const CREDENTIAL = 'https://www.w3.org/2018/credentials#';
const DATE_TIME = 'http://www.w3.org/2001/XMLSchema#dateTime';
const HIDDEN = (name: string) => [
  400,
  'MALFORMED_VALUE_ERROR',
  `What was signed is not what is said plainly: ${name}`,
];

function aliased(credential: JsonObject, name: string, type: string): JsonObject {
  const { [name]: value, ...rest } = credential;
  const context = { hidden: { '@id': CREDENTIAL + name, '@type': type } };
  return { ...rest, '@context': [CREDENTIALS_V2, context], hidden: value ?? null };
}

function byIri(credential: JsonObject, name: string, type?: string): JsonObject {
  const { [name]: value = null, ...rest } = credential;
  return {
    ...rest,
    [CREDENTIAL + name]: type === undefined ? value : { '@value': value, '@type': type },
  };
}

async function answerTo(credential: JsonObject) {
  // The rewriting is one that the proof does not notice.
  expect((await verify(credential, { checks: ['proof'] })).status).toBe(200);
  const reply = await verify(credential);
  return [reply.status, ...problemOf(reply)];
}

describe('what is signed under another name', () => {
  it.each([
    ['validUntil', '2026-01-01T00:00:00Z'],
    ['validFrom', '2027-01-01T00:00:00Z'],
  ])('is not overlooked: %s', async (name, time) => {
    const credential = await issued('eddsa', unsigned(EDDSA, { [name]: time }));
    expect((await verify(credential)).status).toBe(400);
    for (const hidden of [aliased(credential, name, DATE_TIME), byIri(credential, name, DATE_TIME)])
      expect(await answerTo(hidden)).toEqual(HIDDEN(name));
  });

  it('is not overlooked: the status of a revoked credential', async () => {
    const credential = await issued('bsl', unsigned(BSL));
    const { statusListIndex } = credential['credentialStatus'] as JsonObject;
    server().revoke(Number(statusListIndex));
    for (const hidden of [
      aliased(credential, 'credentialStatus', '@id'),
      byIri(credential, 'credentialStatus'),
    ])
      expect(await answerTo(hidden)).toEqual(HIDDEN('credentialStatus'));
  });

  it('in the proof is not read at all', async () => {
    const credential = await issued('eddsa', unsigned(EDDSA));
    const proof = { ...(credential['proof'] as JsonObject), 'https://w3id.org/security#expiration': 'x' };
    const reply = await verify({ ...credential, proof });
    expect([reply.status, ...problemOf(reply)]).toEqual([
      400,
      'PROOF_VERIFICATION_ERROR',
      'Not as specified: (root)',
    ]);
  });

  it('and said plainly is good, by times and status', async () => {
    const times = { validFrom: '2026-01-01T01:00:00+01:00', validUntil: '2027-01-01T00:00:00.5Z' };
    expect((await verify(await issued('bsl', unsigned(BSL, times)))).status).toBe(200);
  });
});

it('a list of another issuer is not asked', async () => {
  const { credentialStatus = null } = await issued('bsl', unsigned(BSL));
  const reply = await verify(await issued('p256', unsigned(P256, { credentialStatus })));
  expect([reply.status, ...problemOf(reply)]).toEqual([
    400,
    'STATUS_VERIFICATION_ERROR',
    'The list is of another issuer',
  ]);
});
