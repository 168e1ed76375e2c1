import type { Signer } from '@symbolon/keys/signer';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { addSeconds } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { publishedKey, seededSigner } from '../testing/sample-people.ts';
import { NOW, SAMPLE_ISSUER } from '../testing/sample-publication.ts';
import { readStatement, STATEMENT_CLAIMS, STATEMENTS, signStatement, verifyStatement } from './statement.ts';

const Claims = z.strictObject({ ...STATEMENT_CLAIMS, word: z.string() });
const CLAIMS = { aud: SAMPLE_ISSUER, iat: NOW, word: 'yes' };
let signer: Signer;
let other: Signer;

beforeAll(async () => {
  signer = await seededSigner('statement');
  other = await seededSigner('another statement');
});

const sign = (claims: object = CLAIMS, by = signer) => signStatement('approval', claims, by);
const read = (token: string) => readStatement('approval', Claims, token);
const verify = async (token: string, now = NOW, key = publishedKey(signer), audience = SAMPLE_ISSUER) =>
  verifyStatement(read(token), key, audience, now);
const part = (text: string) => encodeBase64url(utf8(text));

/** A token with this header and payload text, truly signed. */
async function raw(header: string, payload: string): Promise<string> {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${encodeBase64url(await signer.sign(utf8(input)))}`;
}
const header = (changes: object = {}) =>
  JSON.stringify({ alg: 'ES256', typ: STATEMENTS.approval, kid: signer.kid, ...changes });

describe('statements: what operators and sources sign', () => {
  it('REQ-ISS-028 reads back what was signed, and verifies it with the published key', async () => {
    const token = await sign();
    expect(read(token)).toMatchObject({ kid: signer.kid, alg: 'ES256', claims: CLAIMS });
    await expect(verify(token)).resolves.toBeUndefined();
    // Signed twice it is the same statement, though its signatures differ; other words are another one.
    expect(read(await sign()).digest).toBe(read(token).digest);
    expect(read(await sign({ ...CLAIMS, word: 'no' })).digest).not.toBe(read(token).digest);
  });

  it.each([
    ['another kind', () => raw(header({ typ: STATEMENTS.proposal }), JSON.stringify(CLAIMS))],
    ['no kind', () => raw(JSON.stringify({ alg: 'ES256', kid: signer.kid }), JSON.stringify(CLAIMS))],
    ['no algorithm', () => raw(header({ alg: 'none' }), JSON.stringify(CLAIMS))],
    ['a shared secret', () => raw(header({ alg: 'HS256' }), JSON.stringify(CLAIMS))],
    ['a key of its own', () => raw(header({ jwk: signer.publicJwk }), JSON.stringify(CLAIMS))],
    ['a critical extension', () => raw(header({ crit: ['b64'] }), JSON.stringify(CLAIMS))],
    ['a claim too many', () => sign({ ...CLAIMS, more: 1 })],
    ['a claim too few', () => sign({ aud: SAMPLE_ISSUER, iat: NOW })],
    ['a fraction of a second', () => sign({ ...CLAIMS, iat: NOW + 0.5 })],
    ['a name twice', () => raw(header(), `{"aud":"${SAMPLE_ISSUER}","iat":${NOW},"word":"a","word":"b"}`)],
    ['no object', () => raw(header(), '[]')],
    ['no JSON', () => raw(header(), '{')],
    ['no UTF-8', async () => `${part(header())}.${encodeBase64url(new Uint8Array([255]))}.AAAA`],
    ['padding', async () => `${await sign()}=`],
    ['a fourth part', async () => `${await sign()}.AAAA`],
    ['two parts', async () => `${part(header())}.${part(JSON.stringify(CLAIMS))}`],
    ['nothing', async () => ''],
    ['too much', () => sign({ ...CLAIMS, word: 'x'.repeat(LIMITS.statementBytes) })],
  ])('REQ-ISS-028 refuses a statement with %s', async (_, make) => {
    const token = await make();
    expect(() => read(token)).toThrow(expect.objectContaining({ code: 'statement-invalid' }));
  });

  it('REQ-ISS-028 refuses one for another region, from the future, or too old, to the second', async () => {
    const token = await sign();
    const invalid = (path: string) => ({ code: 'statement-invalid', path });
    const elsewhere = verify(token, NOW, publishedKey(signer), 'https://cn-sh.symbolon.test');
    await expect(elsewhere).rejects.toMatchObject(invalid('aud'));
    await expect(verify(token, addSeconds(NOW, -31))).rejects.toMatchObject(invalid('iat'));
    await expect(verify(token, addSeconds(NOW, -30))).resolves.toBeUndefined();
    await expect(verify(token, addSeconds(NOW, LIMITS.statementAgeSeconds))).resolves.toBeUndefined();
    const late = verify(token, addSeconds(NOW, LIMITS.statementAgeSeconds + 1));
    await expect(late).rejects.toMatchObject(invalid('iat'));
  });

  it('REQ-ISS-028 the registered key decides, not the message', async () => {
    const invalid = (path: string) => ({ code: 'statement-invalid', path });
    const token = await sign();
    await expect(verify(token, NOW, publishedKey(other))).rejects.toMatchObject(invalid('header'));
    // Signed by another key under this one's name.
    const stolen = await sign(CLAIMS, { ...other, kid: signer.kid });
    await expect(verify(stolen)).rejects.toMatchObject(invalid('signature'));
    const renamed = await raw(header({ alg: 'EdDSA' }), JSON.stringify(CLAIMS));
    await expect(verify(renamed)).rejects.toMatchObject(invalid('header'));
  });

  it('REQ-ISS-028 no byte of it can be changed unseen', async () => {
    const token = await sign();
    const [, payload = '', signature = ''] = token.split('.');
    const changed = await sign({ ...CLAIMS, word: 'no' });
    const [head = '', otherPayload = ''] = changed.split('.');
    expect(otherPayload).not.toBe(payload);
    await expect(verify(`${head}.${otherPayload}.${signature}`)).rejects.toMatchObject({ path: 'signature' });
    await expect(verify(`${head}.${payload}.${'A'.repeat(86)}`)).rejects.toMatchObject({ path: 'signature' });
  });
});
