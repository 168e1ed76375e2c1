import { type Instant, instant } from '@symbolon/protocol/instant';
import { check, Kid } from '@symbolon/protocol/schemas/common';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { decodeJwt, importJWK, jwtVerify } from 'jose';
import * as z from 'zod/mini';
import type { Lambda } from '../lambda/lambda.ts';

/** An operator as the authorization server knows it. */
export interface KnownOperator {
  readonly kid: string;
  readonly jwk: PublicJwk;
  readonly authority: string;
  readonly roles: readonly string[];
}

export interface TokenEndpointSettings {
  /** The endpoint's own URL: the audience of what clients sign. */
  readonly url: string;
  /** The operators of the region with this issuer URL; nothing for another. */
  readonly operatorsOf: (issuer: string) => readonly KnownOperator[] | undefined;
  /** Signs an access token. */
  readonly issue: (operator: KnownOperator, issuer: string, roles: readonly string[]) => Promise<string>;
  readonly clock: () => Instant;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const LONGEST_SECONDS = 300;
const LONGEST_BODY = 8192;

const Request = z.object({
  grant_type: z.literal('client_credentials'),
  client_assertion_type: z.literal(ASSERTION_TYPE),
  client_assertion: z.string().check(z.maxLength(2048)),
  resource: z.string().check(z.maxLength(512)),
  scope: z.optional(z.string().check(z.maxLength(256))),
});
const Subject = z.object({ sub: Kid });
const Event = z.object({ body: z.optional(z.string()), isBase64Encoded: z.boolean() });

/**
 * Stands in for a region's authorization server on one machine. An operator's program proves that it holds the operator's key (`private_key_jwt`, RFC 7523,
 * section 2.2) and gets an access token for the region that it names (RFC 8707) with the roles that it asks for. Each assertion is taken once.
 */
export function tokenEndpoint({ url, operatorsOf, issue, clock }: TokenEndpointSettings): Lambda {
  const used = new Map<string, Instant>();

  const token = async (form: URLSearchParams): Promise<string | undefined> => {
    const request = check(Request, Object.fromEntries(form), 'request-malformed');
    const now = clock();
    const { sub } = check(Subject, decodeJwt(request.client_assertion), 'request-malformed');
    const operator = operatorsOf(request.resource)?.find(({ kid }) => kid === sub);
    if (operator === undefined) return undefined;
    const { payload } = await jwtVerify(
      request.client_assertion,
      await importJWK({ ...operator.jwk }, 'ES256'),
      {
        algorithms: ['ES256'],
        issuer: sub,
        subject: sub,
        audience: url,
        currentDate: new Date(now * 1000),
        maxTokenAge: LONGEST_SECONDS,
        requiredClaims: ['jti', 'exp', 'iat'],
      },
    );
    if (typeof payload.jti !== 'string' || used.has(payload.jti)) return undefined;
    for (const [jti, until] of used) if (until <= now) used.delete(jti);
    used.set(payload.jti, instant(now + 2 * LONGEST_SECONDS));
    const asked = request.scope?.split(' ') ?? operator.roles;
    return issue(
      operator,
      request.resource,
      asked.filter((role) => operator.roles.includes(role)),
    );
  };

  return {
    invoke: async (event) => {
      try {
        const { body = '', isBase64Encoded } = Event.parse(event);
        const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
        if (text.length > LONGEST_BODY) return answer(400, { error: 'invalid_request' });
        const accessToken = await token(new URLSearchParams(text));
        if (accessToken === undefined) return answer(401, { error: 'invalid_client' });
        return answer(200, { access_token: accessToken, token_type: 'Bearer', expires_in: TOKEN_SECONDS });
      } catch {
        return answer(401, { error: 'invalid_client' });
      }
    },
    hasDied: false,
    stop: async () => undefined,
  };
}

/** How long an access token lasts. */
export const TOKEN_SECONDS = 600;

function answer(statusCode: number, body: object) {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
