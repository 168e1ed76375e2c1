import { generatePrivateKey, type PrivateJwk, publicPart } from '@symbolon/keys/private-key';
import type { Instant } from '@symbolon/protocol/instant';
import { importJWK, SignJWT } from 'jose';
import * as z from 'zod/mini';
import { postJson } from './post-json.ts';
import { pause, untilLogged, type Waiting } from './until-logged.ts';

const NonceAnswer = z.object({ nonce: z.string() });
const CredentialsAnswer = z.object({
  credentials: z.array(z.object({ credential: z.string() })),
  /** Of what length and form is no reason to lose the batch: the check of the receipt tells. */
  receipt: z.optional(z.string()),
});

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

export interface Batch {
  readonly credentials: readonly { readonly credential: string; readonly key: PrivateJwk }[];
  /** What the issuer gave for one. NOT checked. */
  readonly receipt: string | undefined;
}

/**
 * Asks an issuer for a batch: a key of its own for each credential, each with its proof of possession over the issuer's nonce. While the decision is not in the
 * log yet, it waits and asks again, a few times.
 *
 * @throws SymbolonError the issuer's own code, or `metadata-unreachable`
 */
export async function requestBatch(request: BatchRequest): Promise<Batch['credentials']> {
  return (await requestWithReceipt(request, { pause, onWait: () => undefined })).credentials;
}

/** The same, with what came for a receipt. */
export async function requestWithReceipt(request: BatchRequest, waiting: Waiting): Promise<Batch> {
  const keys = 'keys' in request ? request.keys : await newKeys(request.count);
  // A nonce is good for one try.
  const { credentials, receipt } = await untilLogged(() => ask(request, keys), waiting);
  const minted = credentials.flatMap(({ credential }, index) => {
    const key = keys[index];
    return key === undefined ? [] : [{ credential, key }];
  });
  return { credentials: minted, receipt };
}

async function ask(
  request: BatchRequest,
  keys: readonly PrivateJwk[],
): Promise<z.output<typeof CredentialsAnswer>> {
  const { nonce } = await postJson(NonceAnswer, `${request.endpoint}/nonce`, {});
  const jwt = await Promise.all(keys.map((key) => proofOfPossession(key, request, nonce)));
  const { scheme, format, code, dependant } = request;
  const body = { scheme, format, proofs: { jwt }, ...(dependant !== undefined && { for: dependant }) };
  return postJson(CredentialsAnswer, `${request.endpoint}/credentials`, body, code);
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
