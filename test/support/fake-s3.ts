import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** S3 on loopback, as far as the adapter uses it: GET and PUT with `If-None-Match: *` and `If-Match`, which emulators ignore. */
export interface FakeS3 {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export async function startFakeS3(): Promise<FakeS3> {
  const objects = new Map<string, Buffer>();
  const etagOf = (bytes: Buffer) => `"${createHash('md5').update(bytes).digest('hex')}"`;
  const server = createServer(async (request, response) => {
    const key = new URL(request.url ?? '/', 'http://x').pathname;
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
    if (request.method === 'GET') {
      if (current === undefined) return fail(404, 'NoSuchKey');
      response.setHeader('etag', etagOf(current));
      return response.end(current);
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
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
