import middy, { type MiddyfiedHandler } from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpRouter from '@middy/http-router';
import httpSecurityHeaders from '@middy/http-security-headers';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { type Json, parseStrictJson } from '@symbolon/protocol/strict-json';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Clock } from './clock.ts';
import { type Log, whereOf } from './log.ts';
import { problemOf } from './problem.ts';
import { startOnce } from './start-once.ts';

/** What every function's dependencies hold. */
export interface Runtime {
  readonly clock: Clock;
  readonly log: Log;
}

/** One request, parsed and bounded, not yet authenticated and not yet checked against a schema. */
export interface Call {
  readonly body: Json;
  /** The token of `Authorization: Bearer`. */
  readonly bearer: string | undefined;
  /** Read once: the whole request happens at this instant. */
  readonly now: Instant;
}

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

export interface Route<D> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly handle: (dependencies: D, call: Call) => Promise<Answer>;
}

type HttpHandler = MiddyfiedHandler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;

const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };
const LONGEST_TOKEN = 8192;

/**
 * An API Gateway HTTP function (payload format 2.0) on the one middy stack: header names in lower case, routing, security headers, problem
 * details. `load` makes the dependencies at the first request and keeps them.
 *
 * @param log for what happens before there are dependencies
 */
export function httpFunction<D extends Runtime>(
  log: Log,
  load: () => Promise<D>,
  routes: readonly Route<D>[],
): HttpHandler {
  const dependencies = startOnce(log, load);

  const router = httpRouter<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({
    routes: routes.map((route) => ({
      method: route.method,
      path: route.path,
      handler: async (event: APIGatewayProxyEventV2) => serve(await dependencies(), route, event),
    })),
    notFoundResponse: ({ path }) => {
      const methods = routes.filter((route) => route.path === path).map(({ method }) => method);
      if (methods.length === 0) return asResponse(problemOf(new SymbolonError('not-found')));
      // REQ-ISS-020
      const refusal = asResponse(problemOf(new SymbolonError('method-not-allowed')));
      return { ...refusal, headers: { ...refusal.headers, allow: methods.join(', ') } };
    },
  });

  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(httpHeaderNormalizer())
    .use(httpSecurityHeaders())
    .onError(({ error }) => asResponse(problemOf(error)))
    .handler(router);
}

async function serve<D extends Runtime>(
  dependencies: D,
  route: Route<D>,
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { clock, log } = dependencies;
  const name = `${route.method} ${route.path}`;
  const started = performance.now();
  try {
    const call = { body: bodyOf(event), bearer: bearerOf(event), now: clock() };
    const { status, body } = await route.handle(dependencies, call);
    log('request.done', { route: name, status, milliseconds: Math.round(performance.now() - started) });
    return { statusCode: status, headers: HEADERS, body: JSON.stringify(body) };
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status < 500) log('request.refused', { route: name, code: problem.code });
    else {
      const { code } = problem;
      log('request.failed', { route: name, code, errorName: nameOf(error), where: whereOf(error) });
    }
    return asResponse(problem);
  }
}

function asResponse({ status, body }: { status: number; body: string }): APIGatewayProxyStructuredResultV2 {
  const challenge = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
  const headers = { ...HEADERS, ...challenge, 'content-type': 'application/problem+json' };
  return { statusCode: status, headers, body };
}

function bodyOf(event: APIGatewayProxyEventV2): Json {
  if (event.body === undefined || event.body === '') return null;
  if (Buffer.byteLength(event.body) > LIMITS.requestBytes)
    throw new SymbolonError('request-too-large', { bound: LIMITS.requestBytes });
  if (event.isBase64Encoded) throw new SymbolonError('request-malformed');
  return parseStrictJson(event.body);
}

function bearerOf(event: APIGatewayProxyEventV2): string | undefined {
  const value = event.headers['authorization'];
  if (value === undefined || value.length > LONGEST_TOKEN) return undefined;
  return /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(value)?.[1];
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
