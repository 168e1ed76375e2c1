import { randomUUID } from 'node:crypto';
import type { Signer } from '@symbolon/keys/signer';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { addSeconds, type Instant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { ToldError } from '../told-error.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ASSERTION_SECONDS = 60;
const TIMEOUT_MILLISECONDS = 30_000;
const LONGEST_ANSWER = 16_384;
const Answer = z.object({
  access_token: z.string().check(z.maxLength(8192)),
  expires_in: z.optional(z.int().check(z.gte(0), z.lte(86_400))),
});

export interface TokenOrder {
  /** The authorization server's token endpoint. */
  readonly endpoint: string;
  /** The region's issuer URL (RFC 8707). */
  readonly issuer: string;
  readonly signer: Signer;
  readonly role: string;
  readonly now: Instant;
}

export interface AccessToken {
  readonly token: string;
  readonly expiresAt: Instant;
}

/**
 * An access token of the region's authorization server, by the operator's own key: client credentials with `private_key_jwt` (RFC 6749, section 4.4; RFC 7523,
 * section 2.2). A server that does not say how long it lasts is taken at its word for now only.
 *
 * @throws ToldError `metadata-unreachable`, `unauthenticated`: which option, and what was tried
 */
export async function requestAccessToken({
  endpoint,
  issuer,
  signer,
  role,
  now,
}: TokenOrder): Promise<AccessToken> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await assertionBy(signer, endpoint, now),
    resource: issuer,
    scope: role,
  });
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  }).catch(() => {
    throw new ToldError(
      'metadata-unreachable',
      `The authorization server could not be reached (${tried(role)}): check --token-endpoint or SYMBOLON_TOKEN_ENDPOINT, and whether it runs.`,
    );
  });
  const text = await response.text();
  if (!response.ok)
    throw new ToldError(
      'unauthenticated',
      `The authorization server gave no token (${tried(role)}, answered ${response.status}): check --token-endpoint or SYMBOLON_TOKEN_ENDPOINT, whether it knows your key for this region, and the clock.`,
    );
  const answer = answerIn(text);
  if (answer === undefined)
    throw new ToldError(
      'unauthenticated',
      `What answers at the token endpoint is no authorization server (${tried(role)}): check --token-endpoint or SYMBOLON_TOKEN_ENDPOINT.`,
    );
  return { token: answer.access_token, expiresAt: addSeconds(now, answer.expires_in ?? 0) };
}

/** What was sent, without the address, which can hold a secret. */
function tried(role: string): string {
  return `POST for client credentials with the role ${role}`;
}

function answerIn(text: string): z.output<typeof Answer> | undefined {
  if (text.length > LONGEST_ANSWER) return undefined;
  try {
    return check(Answer, parseStrictJson(text), 'unauthenticated');
  } catch {
    return undefined;
  }
}

/** The same, for what takes one call. */
export async function requestToken(order: TokenOrder): Promise<string> {
  const { token } = await requestAccessToken(order);
  return token;
}

async function assertionBy(signer: Signer, audience: string, now: Instant): Promise<string> {
  const part = (value: object) => encodeBase64url(utf8(JSON.stringify(value)));
  const header = part({ alg: signer.alg, typ: 'JWT', kid: signer.kid });
  const claims = part({
    iss: signer.kid,
    sub: signer.kid,
    aud: audience,
    jti: randomUUID(),
    iat: now,
    exp: now + ASSERTION_SECONDS,
  });
  const signingInput = `${header}.${claims}`;
  return `${signingInput}.${encodeBase64url(await signer.sign(utf8(signingInput)))}`;
}
