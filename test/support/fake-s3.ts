import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * S3 on loopback, as far as the adapters use it: GET and PUT with `If-None-Match: *` and `If-Match`, which emulators ignore, DELETE, and lists in short
 * pages.
 */
export interface FakeS3 {
  readonly endpoint: string;
  /** What lies there, by `/bucket/key`. */
  readonly objects: Map<string, Buffer>;
  stop(): Promise<void>;
}

/** S3 gives a thousand. */
const PAGE = 2;

export async function startFakeS3(): Promise<FakeS3> {
  const objects = new Map<string, Buffer>();
  const etagOf = (bytes: Buffer) => `"${createHash('md5').update(bytes).digest('hex')}"`;
  const server = createServer(async (request, response) => {
    const { pathname: key, searchParams } = new URL(request.url ?? '/', 'http://x');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const current = objects.get(key);
    const fail = (status: number, code: string) => {
      response.statusCode = status;
      response.setHeader('content-type', 'application/xml');
      response.end(
        `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>no</Message></Error>`,
      );
    };
    if (request.method === 'GET' && searchParams.get('list-type') === '2') {
      response.setHeader('content-type', 'application/xml');
      return response.end(
        listPage(objects, key, searchParams.get('prefix'), searchParams.get('continuation-token')),
      );
    }
    if (request.method === 'DELETE') {
      objects.delete(key);
      response.statusCode = 204;
      return response.end();
    }
    if (request.method === 'GET') {
      if (current === undefined) return fail(404, 'NoSuchKey');
      response.setHeader('etag', etagOf(current));
      if (request.headers['if-none-match'] === etagOf(current)) response.statusCode = 304;
      return response.end(response.statusCode === 304 ? undefined : current);
    }
    if (request.method !== 'PUT') return fail(405, 'MethodNotAllowed');
    const { 'if-none-match': ifNone, 'if-match': ifMatch } = request.headers;
    if (ifNone === '*' && current !== undefined) return fail(412, 'PreconditionFailed');
    if (ifMatch !== undefined && (current === undefined || etagOf(current) !== ifMatch))
      return fail(412, 'PreconditionFailed');
    const body = decodeChunks(Buffer.concat(chunks), String(request.headers['content-encoding'] ?? ''));
    objects.set(key, body);
    response.setHeader('etag', etagOf(body));
    return response.end();
  });
  // A client that reuses a connection at the moment at which it is closed for idleness gets no answer.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listPage(
  objects: ReadonlyMap<string, Buffer>,
  bucket: string,
  prefix: string | null,
  token: string | null,
): string {
  const root = bucket.endsWith('/') ? bucket : `${bucket}/`;
  const keys = [...objects.keys()]
    .filter((path) => path.startsWith(`${root}${prefix ?? ''}`))
    .map((path) => path.slice(root.length))
    .toSorted();
  const from = Number(token ?? 0);
  const next = from + PAGE;
  const contents = keys.slice(from, next).map((key) => `<Contents><Key>${key}</Key></Contents>`);
  const more = next < keys.length ? `<NextContinuationToken>${next}</NextContinuationToken>` : '';
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><IsTruncated>${more !== ''}</IsTruncated>${contents.join('')}${more}</ListBucketResult>`;
}

/** The SDK sends a body with a trailing checksum in `aws-chunked` form. */
function decodeChunks(body: Buffer, encoding: string): Buffer {
  if (!encoding.includes('aws-chunked')) return body;
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.subarray(at, end).toString().split(';')[0] ?? '0', 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
