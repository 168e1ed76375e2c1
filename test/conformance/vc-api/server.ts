import { randomInt } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { type Instant, instant } from '@symbolon/protocol/instant';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { createSelfSigned } from './certificate.ts';
import { createIssuer } from './issuers.ts';
import { problemDetails, Refusal } from './refusal.ts';
import { type Answer, type Route, routesOf } from './routes.ts';
import { createStatusList } from './status-list.ts';
import { objectOf } from './values.ts';
import { createVerifier } from './verify.ts';

const HOST = '127.0.0.1';
const LIST_PATH = '/issuers/bsl/lists/1';
const BODY_BYTES = 1024 * 1024;

export interface ConformanceServer {
  readonly url: string;
  /** PEM, self-signed. */
  readonly cert: string;
  /** Revokes what the issuer `bsl` issued with this index. @throws Refusal */
  revoke(index: number): void;
  stop(): Promise<void>;
}

/**
 * W3C's VC-API on this machine, without authentication: **for tests only**. It signs whatever it is given with keys that anyone can make.
 *
 * @param port 0 for a free one
 */
export async function startServer(
  port: number,
  clock: () => Instant = systemClock,
): Promise<ConformanceServer> {
  const identity = createSelfSigned(new Date(clock() * 1000));
  const [eddsa, p256, bsl] = await Promise.all([
    createIssuer('eddsa'),
    createIssuer('p256'),
    createIssuer('bsl'),
  ]);
  const server = createServer(identity);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  const url = `https://${HOST}:${address.port}`;
  const list = createStatusList(`${url}${LIST_PATH}`, bsl, (below) => randomInt(below));
  const verifier = createVerifier(list);
  const routes = routesOf({ issuers: { eddsa, p256, bsl }, list, listPath: LIST_PATH, verifier });
  server.on('request', (request, response) => void answer(request, response, routes, clock));
  return {
    url,
    cert: identity.cert,
    revoke: (index) => list.revoke(index),
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

const systemClock = () => instant(Math.floor(Date.now() / 1000));

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly Route[],
  clock: () => Instant,
): Promise<void> {
  const { status, body } = await outcomeOf(request, routes, clock).catch(faultOf);
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

async function outcomeOf(
  request: IncomingMessage,
  routes: readonly Route[],
  clock: () => Instant,
): Promise<Answer> {
  const path = request.url?.split('?', 1)[0];
  const here = routes.filter((route) => route.path === path);
  const route = here.find(({ method }) => method === request.method);
  if (route === undefined) return { status: here.length === 0 ? 404 : 405, body: {} };
  if (route.method === 'GET') return route.run({}, clock());
  const text = await bodyOf(request);
  if (text === undefined) return { status: 413, body: {} };
  return route.run(objectOf(parseStrictJson(text), 'The request'), clock());
}

/** Undefined when it is too long. @throws Refusal unless it is UTF-8 */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new Refusal('PARSING_ERROR', 'The request is not UTF-8');
  }
}

function faultOf(error: unknown): Answer {
  const refusal = isSymbolonError(error) ? new Refusal('PARSING_ERROR', error.message) : error;
  if (!(refusal instanceof Refusal)) return { status: 500, body: {} };
  return { status: 400, body: { verified: false, problemDetails: problemDetails(refusal) } };
}
