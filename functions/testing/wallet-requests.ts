import type { StatusClaims } from '@symbolon/credential/model';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { type PrivateJwk, publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import type { Instant } from '@symbolon/protocol/instant';
import { importJWK, SignJWT } from 'jose';
import type { Answer, IssuerDesk } from './issuer-desk.ts';
import { ISSUER } from './issuer-publication.ts';
import type { IssuerWorld } from './issuer-world.ts';

export const holderKey = (name: string) => insecurePrivateKeyFromSeed('ES256', `holder ${name}`);

/** A proof that someone has this key now (OpenID4VCI 1.0, appendix F.1), or a wrong one. */
export async function proof(
  key: PrivateJwk,
  nonce: string,
  now: Instant,
  wrong: { readonly aud?: string; readonly iat?: number; readonly typ?: string } = {},
): Promise<string> {
  const header = { alg: 'ES256', typ: wrong.typ ?? 'openid4vci-proof+jwt', jwk: { ...publicPart(key) } };
  return new SignJWT({ nonce })
    .setProtectedHeader(header)
    .setAudience(wrong.aud ?? ISSUER)
    .setIssuedAt(wrong.iat ?? now)
    .sign(await importJWK({ ...key }, 'ES256'));
}

/** The same proof with another algorithm in its header, and nothing for a signature. */
export function unsignedProof(of: string, key: PrivateJwk): string {
  const header = { alg: 'none', typ: 'openid4vci-proof+jwt', jwk: publicPart(key) };
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${of.split('.')[1]}.`;
}

export async function freshNonce(desk: IssuerDesk): Promise<string> {
  return String((await desk.call('/nonce')).body['nonce']);
}

/** The body of a request for one credential for each proof. */
export function wanted(jwt: readonly string[], more: object = {}): object {
  return { scheme: 'health', format: 'dc+sd-jwt', proofs: { jwt }, ...more };
}

/** A wallet asks for one credential for each of these keys. */
export async function askFor(
  world: IssuerWorld,
  desk: IssuerDesk,
  code: string,
  keys: readonly string[],
  more: object = {},
): Promise<Answer> {
  const nonce = await freshNonce(desk);
  const jwt = await Promise.all(keys.map((name) => proof(holderKey(name), nonce, world.now)));
  return desk.call('/credentials', wanted(jwt, more), code);
}

export function credentialsOf({ body }: Answer): readonly string[] {
  const credentials = body['credentials'];
  if (!Array.isArray(credentials)) return [];
  return credentials.map(({ credential }) => String(credential));
}

/** What the first credential of an answer says. Throws when nothing was minted. */
export function claimsOf(answer: Answer): StatusClaims {
  const [first] = credentialsOf(answer);
  if (first === undefined) throw new Error(`nothing was minted: ${answer.status}`);
  return parseSdJwt(first).claims;
}
