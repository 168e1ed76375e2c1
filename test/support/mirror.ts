import { createServer, type ServerResponse } from 'node:http';
import type { Bytes } from '@symbolon/protocol/bytes';

/** How a mirror answers a request for a path. */
export type Answer = (path: string, response: ServerResponse) => void;

/** A web server that says it has a registry. */
export interface Mirror {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** From now on it answers like this. */
  answer: Answer;
  close(): Promise<void>;
}

export async function startMirror(answer: Answer): Promise<Mirror> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').slice(1);
    asked.push(path);
    mirror.answer(path, response);
  });
  // A client that reuses a connection at the moment at which it is closed for idleness gets no answer.
  server.keepAliveTimeout = 0;
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  const mirror: Mirror = {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    answer,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return mirror;
}

/** Gives away what it has. */
export function serving(files: ReadonlyMap<string, Bytes>): Answer {
  return (path, response) => {
    const bytes = files.get(path);
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  };
}

/** Answers requests for paths that begin so in its own way, and the others as `honest` does. */
export function except(honest: Answer, prefix: string, answer: (response: ServerResponse) => void): Answer {
  return (path, response) => (path.startsWith(prefix) ? answer(response) : honest(path, response));
}

/** Never comes to an end, and goes as fast as it is read. */
export function endless(response: ServerResponse): void {
  response.writeHead(200);
  let isOpen = true;
  response.on('close', () => {
    isOpen = false;
  });
  const more = () => {
    while (isOpen && response.write(new Uint8Array(65_536).fill(32)));
  };
  response.on('drain', more);
  more();
}
