import { readFileSync } from 'node:fs';
import { parseCompactJws } from '@symbolon/credential/compact-jws';
import { splitSdJwt } from '@symbolon/credential/sd-jwt/compact';
import { parseKeyBinding } from '@symbolon/credential/sd-jwt/key-binding';
import { processSdJwt } from '@symbolon/credential/sd-jwt/process';
import { sha256 } from '@symbolon/keys/digest';
import { verifySignature } from '@symbolon/keys/signature';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { P256Jwk } from '@symbolon/protocol/schemas/jwk';
import { compactVerify, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

/**
 * The examples of RFC 9901, made by its reference implementation: other claims, other nesting, white space in the JSON,
 * disclosed array elements. Symbolon's profile is a narrow use of the code that reads them here.
 */
const Vectors = z.object({
  settingsYaml: z.string(),
  cases: z.array(
    z.object({
      name: z.string(),
      issuance: z.string(),
      presentation: z.string(),
      userClaims: z.record(z.string(), z.unknown()),
      verifiedContents: z.record(z.string(), z.unknown()),
      kbJwtPayload: z.optional(z.record(z.string(), z.unknown())),
    }),
  ),
});
const { settingsYaml, cases } = Vectors.parse(
  JSON.parse(readFileSync(new URL('../vectors/sd-jwt/rfc9901.json', import.meta.url), 'utf8')),
);
const ISSUER_KEY = publishedKey('issuer_keys');
const HOLDER_KEY = publishedKey('holder_key');

function publishedKey(section: string): P256Jwk {
  const text = settingsYaml.slice(settingsYaml.indexOf(`${section}:`));
  const field = (name: string) => new RegExp(`\\b${name}: (\\S+)`).exec(text)?.[1];
  return P256Jwk.parse({ kty: field('kty'), crv: field('crv'), x: field('x'), y: field('y') });
}

async function verified(jwt: string, key: P256Jwk) {
  const jws = parseCompactJws(jwt);
  expect(await verifySignature(key, jws.signingInput, jws.signature)).toBe(true);
  const byJose = await compactVerify(jwt, await importJWK(key, 'ES256'), { algorithms: ['ES256'] });
  expect(JSON.parse(new TextDecoder().decode(byJose.payload))).toEqual(jws.payload);
  return jws.payload;
}

describe('REQ-DEC-022 the examples of RFC 9901 are read as its reference implementation reads them', () => {
  it('has the seven examples in compact form', () => {
    expect(cases.map(({ name }) => name)).toHaveLength(7);
    expect(cases.filter(({ kbJwtPayload }) => kbJwtPayload !== undefined)).toHaveLength(2);
  });

  it.each(cases)(
    '$name as issued: with every disclosure, all of the user claims are there',
    async (example) => {
      const { jwt, disclosures, keyBinding } = splitSdJwt(example.issuance.trim());
      expect(keyBinding).toBeUndefined();
      const { payload } = processSdJwt(await verified(jwt, ISSUER_KEY), disclosures);
      expect(payload).toMatchObject(example.userClaims);
      expect(JSON.stringify(payload)).not.toMatch(/"_sd"|"_sd_alg"|"\.\.\."/);
    },
  );

  it.each(cases)('$name as presented: exactly what was disclosed', async (example) => {
    const { jwt, disclosures } = splitSdJwt(example.presentation.trim());
    const { payload } = processSdJwt(await verified(jwt, ISSUER_KEY), disclosures);
    expect(payload).toEqual(example.verifiedContents);
  });

  it.each(cases.filter(({ kbJwtPayload }) => kbJwtPayload !== undefined))(
    '$name: the key binding is by the key in cnf, over exactly this text',
    async (example) => {
      const { jwt, sdJwt, keyBinding = '' } = splitSdJwt(example.presentation.trim());
      expect(parseCompactJws(jwt).payload['cnf']).toEqual({ jwk: HOLDER_KEY });
      expect(await verified(keyBinding, HOLDER_KEY)).toEqual(example.kbJwtPayload);
      const { claims, signingInput, signature } = parseKeyBinding(keyBinding, HOLDER_KEY);
      expect(claims).toEqual(example.kbJwtPayload);
      expect(claims.sd_hash).toBe(encodeBase64url(sha256(utf8(sdJwt))));
      expect(await verifySignature(ISSUER_KEY, signingInput, signature)).toBe(false);
    },
  );

  it.each(cases)('$name with a disclosure twice, or one of another credential, is refused', (example) => {
    const { jwt, disclosures } = splitSdJwt(example.issuance.trim());
    const { payload } = parseCompactJws(jwt);
    const refused = expect.objectContaining({ code: 'disclosure-unreferenced' });
    expect(() => processSdJwt(payload, [...disclosures, ...disclosures.slice(0, 1)])).toThrowError(refused);
    const foreign = encodeBase64url(utf8('["c2FsdA","name","value"]'));
    expect(() => processSdJwt(payload, [...disclosures, foreign])).toThrowError(refused);
  });
});
