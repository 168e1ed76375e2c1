import middy, { type MiddyfiedHandler } from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpRouter from '@middy/http-router';
import httpSecurityHeaders from '@middy/http-security-headers';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Json } from '@symbolon/protocol/strict-json';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Clock } from './clock.ts';
import { causeOf, type Log, whereOf } from './log.ts';
import { type Problem, problemOf, type Statuses } from './problem.ts';
import { type BodyBounds, bearerOf, bodyOf, textOf } from './request.ts';
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

/** The same of a route whose protocol has another form than JSON: the body as text, bounded. */
export interface TextCall extends Omit<Call, 'body'> {
  readonly body: string;
  /** What stood in the place of each `{name}` of the route's path. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
}

/** What a route answers: a body, or a fault of what was sent, for codes that stand for a fault of ours elsewhere. */
export type Answer =
  | { readonly status: number; readonly body: Json }
  | { readonly status: number; readonly text: string; readonly contentType: string }
  | { readonly status: number; readonly fault: SymbolonError };

export interface Route<D, C = Call> extends BodyBounds {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** HTTP status of codes that this route answers otherwise than the others. */
  readonly statuses?: Statuses;
  readonly handle: (dependencies: D, call: C) => Promise<Answer>;
}

/** A route of text. In its path `{name}` stands for one segment. */
export interface TextRoute<D> extends Route<D, TextCall> {
  readonly reads: 'text';
}

type HttpHandler = MiddyfiedHandler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;

const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };

/**
 * An API Gateway HTTP function (payload format 2.0) on the one middy stack: header names in lower case, routing, security headers, problem
 * details. `load` makes the dependencies at the first request and keeps them.
 *
 * @param log for what happens before there are dependencies
 */
export function httpFunction<D extends Runtime>(
  log: Log,
  load: () => Promise<D>,
  routes: readonly (Route<D> | TextRoute<D>)[],
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
  route: Route<D> | TextRoute<D>,
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { clock, log } = dependencies;
  const name = `${route.method} ${route.path}`;
  const started = performance.now();
  try {
    const answer = await answerOf(dependencies, route, event, clock());
    const { status } = answer;
    if ('fault' in answer) {
      log('request.refused', { route: name, code: answer.fault.code });
      return asResponse(problemOf(answer.fault, { [answer.fault.code]: status }));
    }
    log('request.done', { route: name, status, milliseconds: Math.round(performance.now() - started) });
    return 'text' in answer
      ? { statusCode: status, headers: { ...HEADERS, 'content-type': answer.contentType }, body: answer.text }
      : { statusCode: status, headers: HEADERS, body: JSON.stringify(answer.body) };
  } catch (error) {
    const problem = problemOf(error, route.statuses);
    if (problem.status < 500) log('request.refused', { route: name, code: problem.code });
    else {
      const { code } = problem;
      const [cause, errorName, where] = [causeOf(error), nameOf(error), whereOf(error)];
      log('request.failed', { route: name, code, cause, errorName, where });
    }
    return asResponse(problem);
  }
}

function answerOf<D>(
  dependencies: D,
  route: Route<D> | TextRoute<D>,
  event: APIGatewayProxyEventV2,
  now: Instant,
): Promise<Answer> {
  const call = { bearer: bearerOf(event), now };
  if (!('reads' in route)) return route.handle(dependencies, { ...call, body: bodyOf(event, route) });
  const parameters = event.pathParameters ?? {};
  return route.handle(dependencies, { ...call, parameters, body: textOf(event, route) });
}

/** A round or two of the log: whoever waits for a leaf asks again then. */
const RETRY_SECONDS = '2';

function asResponse({ status, code, body }: Problem): APIGatewayProxyStructuredResultV2 {
  const challenge = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
  const later = code === 'decision-unlogged' && status === 503 ? { 'retry-after': RETRY_SECONDS } : {};
  const headers = { ...HEADERS, ...challenge, ...later, 'content-type': 'application/problem+json' };
  return { statusCode: status, headers, body };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
