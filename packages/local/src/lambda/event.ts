import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** What a function gets: API Gateway HTTP API, payload format 2.0, as far as it is used. */
export interface HttpEvent {
  readonly version: '2.0';
  readonly routeKey: '$default';
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly requestContext: {
    readonly http: {
      readonly method: string;
      readonly path: string;
      readonly protocol: string;
      readonly sourceIp: string;
      readonly userAgent: string;
    };
    readonly requestId: string;
    readonly stage: '$default';
    readonly timeEpoch: number;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

const TEXT = /^(text\/|application\/(json|problem\+json|jwt|javascript|xml|x-www-form-urlencoded))/;

/**
 * Turns a request into the event that API Gateway would send: lower-case header names, cookies apart, binary bodies in base64.
 *
 * @param path the path below the function's mount point
 */
export function httpEvent(
  request: IncomingMessage,
  path: string,
  query: string,
  body: Buffer,
  requestId: string,
): HttpEvent {
  const { cookie, ...rest } = request.headers;
  const headers = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(',') : String(value),
    ]),
  );
  // As text, other bytes would come as replacement characters, and no function could tell.
  const isText = TEXT.test(headers['content-type'] ?? 'application/json') && isUtf8(body);
  const binary = body.length > 0 && !isText;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    requestContext: {
      http: {
        method: request.method ?? 'GET',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      stage: '$default',
      timeEpoch: Date.now(),
    },
    ...(body.length === 0 ? {} : { body: body.toString(binary ? 'base64' : 'utf8') }),
    isBase64Encoded: binary,
  };
}
