import { generatePrivateKey, type PrivateJwk, publicPart } from '@symbolon/keys/private-key';
import type { Instant } from '@symbolon/protocol/instant';
import { importJWK, SignJWT } from 'jose';
import * as z from 'zod/mini';
import { postJson } from './post-json.ts';

const NonceAnswer = z.object({ nonce: z.string() });
const CredentialsAnswer = z.object({ credentials: z.array(z.object({ credential: z.string() })) });

interface BatchOrder {
  /** Where the issuer's API is. */
  readonly endpoint: string;
  /** The issuer's URL: the audience of the proofs. */
  readonly issuer: string;
  readonly code: string;
  readonly scheme: string;
  readonly format: 'dc+sd-jwt' | 'ldp_vc';
  /** In the place of whom; of the holder of the code when left out. */
  readonly dependant?: string;
  readonly now: Instant;
}

/** How many, each for a new key; or the keys that they are for. */
export type BatchRequest = BatchOrder &
  ({ readonly count: number } | { readonly keys: readonly PrivateJwk[] });

/**
 * Asks an issuer for a batch: a key of its own for each credential, each with its proof of possession over the issuer's nonce.
 *
 * @throws SymbolonError the issuer's own code, or `metadata-unreachable`
 */
export async function requestBatch(
  request: BatchRequest,
): Promise<{ credential: string; key: PrivateJwk }[]> {
  const { nonce } = await postJson(NonceAnswer, `${request.endpoint}/nonce`, {});
  const keys = 'keys' in request ? request.keys : await newKeys(request.count);
  const jwt = await Promise.all(keys.map((key) => proofOfPossession(key, request, nonce)));
  const { scheme, format, code, dependant } = request;
  const body = { scheme, format, proofs: { jwt }, ...(dependant !== undefined && { for: dependant }) };
  const { credentials } = await postJson(CredentialsAnswer, `${request.endpoint}/credentials`, body, code);
  return credentials.flatMap(({ credential }, index) => {
    const key = keys[index];
    return key === undefined ? [] : [{ credential, key }];
  });
}

function newKeys(count: number): Promise<PrivateJwk[]> {
  return Promise.all(Array.from({ length: count }, () => generatePrivateKey('ES256')));
}

/** The `jwt` proof type of OpenID4VCI 1.0, appendix F.1. */
async function proofOfPossession(
  key: PrivateJwk,
  { issuer, now }: BatchRequest,
  nonce: string,
): Promise<string> {
  return new SignJWT({ nonce })
    .setProtectedHeader({ alg: 'ES256', typ: 'openid4vci-proof+jwt', jwk: { ...publicPart(key) } })
    .setAudience(issuer)
    .setIssuedAt(now)
    .sign(await importJWK({ ...key }, 'ES256'));
}
