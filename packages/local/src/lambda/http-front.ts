import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { contentTypeOf } from '@symbolon/aws/s3/content-type';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import * as z from 'zod/mini';
import { httpEvent } from './event.ts';
import type { Lambda } from './lambda.ts';

/** Lambda takes 6 MB. */
const LARGEST_BODY = 6 * 1024 * 1024;

/** Something below a path: a function, or a reader of static files. */
export type Mount =
  | { readonly kind: 'function'; readonly lambda: Lambda }
  | {
      readonly kind: 'files';
      readonly read: (
        path: string,
      ) => Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined>;
    };

const Result = z.object({
  statusCode: z.optional(z.int()),
  headers: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  cookies: z.optional(z.array(z.string())),
  body: z.optional(z.string()),
  isBase64Encoded: z.optional(z.boolean()),
});

/**
 * The HTTP front of the local network: what API Gateway and CloudFront do in the cloud. Listens on the loopback interface only. The longest
 * matching mount wins. Mounts may be added later.
 *
 * @throws the server's own error, as when the port is taken (`EADDRINUSE`)
 */
export async function startHttpFront(port: number, mounts: ReadonlyMap<string, Mount>): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      const tooLarge = isSymbolonError(error) && error.code === 'request-too-large';
      // What is left of the body is not read, so the connection cannot serve another request.
      response.setHeader('connection', 'close');
      respondPlainly(response, tooLarge ? 413 : 502);
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [prefix, mount] = longestMount(url.pathname, mounts) ?? [];
    if (prefix === undefined || mount === undefined) return respondPlainly(response, 404);
    const path = url.pathname.slice(prefix.length) || '/';
    if (mount.kind === 'files') return serveFile(mount, request, response, path);
    const body = await readBody(request);
    const event = httpEvent(request, path, url.search.slice(1), body, crypto.randomUUID());
    const result = Result.parse(await mount.lambda.invoke(event));
    for (const [name, value] of Object.entries(result.headers ?? {})) response.setHeader(name, String(value));
    if (result.cookies !== undefined) response.setHeader('set-cookie', result.cookies);
    response.statusCode = result.statusCode ?? 200;
    response.end(Buffer.from(result.body ?? '', result.isBase64Encoded === true ? 'base64' : 'utf8'));
  }

  // A client that reuses a connection at the moment at which it is closed for idleness gets no answer.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return server;
}

function longestMount(
  path: string,
  mounts: ReadonlyMap<string, Mount>,
): readonly [string, Mount] | undefined {
  return [...mounts]
    .filter(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))
    .toSorted(([a], [b]) => b.length - a.length)[0];
}

async function serveFile(
  mount: Extract<Mount, { kind: 'files' }>,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return respondPlainly(response, 405);
  }
  const file = await readQuietly(mount, path);
  if (file === undefined) return respondPlainly(response, 404);
  response.setHeader('etag', file.etag);
  response.setHeader('cache-control', 'no-cache');
  response.setHeader('x-content-type-options', 'nosniff');
  if (request.headers['if-none-match'] === file.etag) return respondPlainly(response, 304);
  response.setHeader('content-type', contentTypeOf(path));
  response.setHeader('content-length', file.bytes.length);
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

/** A path that names no file, however it is written, is one that is not there. */
async function readQuietly(mount: Extract<Mount, { kind: 'files' }>, path: string) {
  try {
    return await mount.read(decodeURIComponent(path.slice(1)));
  } catch {
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new SymbolonError('request-too-large', { bound: LARGEST_BODY });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function respondPlainly(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}
