import { signStatement } from '@symbolon/issuer/statement';
import type { Signer } from '@symbolon/keys/signer';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { ROUTES } from '../issuer-api/handler.ts';
import { httpFunction } from '../runtime/http-function.ts';
import {
  type OperatorName,
  operatorRef,
  operatorSigner,
  type SourceName,
  sourceSigner,
} from './issuer-people.ts';
import { ISSUER } from './issuer-publication.ts';
import { tokenOf } from './issuer-tokens.ts';
import type { IssuerWorld } from './issuer-world.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface ReportedFact {
  readonly id: string;
  readonly subject?: string;
  readonly identifier?: { readonly kind: string; readonly value: string };
  readonly type: string;
  readonly at: Instant;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** What people at their desks do: requests as API Gateway would send them, and the statements in them. */
export interface IssuerDesk {
  call(path: string, body?: unknown, bearer?: string, method?: string): Promise<Answer>;
  /** With a token of all the operator's roles. */
  as(name: OperatorName, path: string, body?: unknown): Promise<Answer>;
  enrolled(number: string): Promise<{ readonly subject: string; readonly code: string }>;
  /** A laboratory's result, so many hours ago. */
  pcr(id: string, subject: string, result: string, hoursAgo?: number): ReportedFact;
  /** What a source signs, with other claims in the place of its own. */
  batch(source: SourceName, id: string, facts: readonly ReportedFact[], claims?: object): Promise<string>;
  /** The clerk hands in a batch of `health`. */
  report(id: string, facts: readonly ReportedFact[], claims?: object): Promise<Answer>;
  /** What an operator signs. */
  signed(name: OperatorName, kind: Parameters<typeof signStatement>[0], claims: object): Promise<string>;
}

export function issuerDesk(world: IssuerWorld): IssuerDesk {
  const stamp = () => ({ aud: ISSUER, iat: world.now });
  const desk: IssuerDesk = {
    call: async (path, body, bearer, method = 'POST') => {
      world.record.heard(body);
      world.record.heard({ code: bearer });
      const answer = await requested(world, method, path, body, bearer);
      // A refusal has a code of another kind.
      if (answer.status < 400) world.record.heard(answer.body);
      return answer;
    },
    as: async (name, path, body = {}) => desk.call(path, body, await tokenOf(name, world.now)),
    enrolled: async (value) => {
      const { body } = await desk.as('clerk', '/subjects', { identifiers: [{ kind: 'passport', value }] });
      return { subject: String(body['subject']), code: String(body['code']) };
    },
    pcr: (id, subject, result, hoursAgo = 1) => ({
      id,
      subject,
      type: 'pcr',
      at: addHours(world.now, -hoursAgo),
      fields: { result },
    }),
    batch: async (iss, jti, facts, claims = {}) => {
      const own = { iss, ...stamp(), jti, scheme: 'health', facts, retracts: [] };
      return signStatement('facts', { ...own, ...claims }, await sourceSigner(iss));
    },
    report: async (id, facts, claims) =>
      desk.as('clerk', '/facts', { batch: await desk.batch('lab', id, facts, claims) }),
    signed: async (name, kind, claims) => {
      const { authority } = await operatorRef(name);
      // Whoever settles a batch of facts decides nothing in the name of an office.
      const office = kind === 'intakeApproval' ? {} : { authority };
      return signStatement(kind, { ...stamp(), ...office, ...claims }, await operatorSigner(name));
    },
  };
  return desk;
}

/** An overseer's statement. They are of no office here. */
export function release(
  signer: Signer,
  now: Instant,
  burst: string,
  rules: readonly string[],
): Promise<string> {
  const claims = { aud: ISSUER, iat: now, burst, rules, reason: 'A true outbreak in the market.' };
  return signStatement('release', claims, signer);
}

async function requested(
  { api }: IssuerWorld,
  method: string,
  path: string,
  body: unknown,
  bearer: string | undefined,
): Promise<Answer> {
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` },
    requestContext: {
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      stage: '$default',
    },
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  } as APIGatewayProxyEventV2;
  const context = { getRemainingTimeInMillis: () => 10_000 } as Context;
  const answer = await httpFunction(api.log, async () => api, ROUTES)(event, context);
  const { statusCode = 0, headers = {}, body: text = '' } = answer;
  return { status: statusCode, headers, body: JSON.parse(text), text };
}
