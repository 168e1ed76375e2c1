import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';

/** One deployed function: its bundle, running in a thread with its own environment. */
export interface Lambda {
  /** Invokes the function. @throws SymbolonError `internal-error` when it throws, stops or takes too long */
  invoke(event: unknown): Promise<unknown>;
  /** Whether its thread has ended: every call fails at once then. */
  readonly hasDied: boolean;
  stop(): Promise<void>;
}

export interface LambdaSettings {
  readonly name: string;
  /** File URL of the bundle's `index.mjs`. */
  readonly bundle: string;
  /** The whole environment of the function: it inherits nothing. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMilliseconds: number;
  /** Each line that the function logs. */
  readonly onLog: (line: string) => void;
  /** The time that the function's machine has, read at each call. The system's, when left out. */
  readonly clock?: (() => Instant) | undefined;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Starts a function. Resolves when its code is loaded. */
export async function startLambda(settings: LambdaSettings): Promise<Lambda> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    env: { ...settings.environment },
    workerData: { name: settings.name, bundle: settings.bundle },
    execArgv: ['--enable-source-maps'],
    stdout: true,
    stderr: true,
  });
  forwardLines(worker.stdout, settings.onLog);
  forwardLines(worker.stderr, settings.onLog);
  const waiting = new Map<string, Waiting>();
  let hasDied = false;
  const fail = () => {
    hasDied = true;
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(new SymbolonError('internal-error'));
    }
    waiting.clear();
  };

  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', () => {
      worker.off('error', reject);
      resolve();
    });
  });
  worker.on('error', fail);
  worker.on('exit', fail);
  worker.on('message', ({ id, result, failure }: { id: string; result?: string; failure?: string }) => {
    const call = waiting.get(id);
    if (call === undefined) return;
    waiting.delete(id);
    clearTimeout(call.timer);
    if (failure === undefined) call.resolve(result === undefined ? undefined : JSON.parse(result));
    else call.reject(new SymbolonError('internal-error', { path: settings.name }));
  });

  return {
    invoke: (event) =>
      new Promise((resolve, reject) => {
        if (hasDied) throw new SymbolonError('internal-error', { path: settings.name });
        const id = randomUUID();
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(
            new SymbolonError('internal-error', { path: settings.name, bound: settings.timeoutMilliseconds }),
          );
        }, settings.timeoutMilliseconds);
        waiting.set(id, { resolve, reject, timer });
        const deadline = Date.now() + settings.timeoutMilliseconds;
        const clock = settings.clock && settings.clock() * 1000;
        worker.postMessage({ id, event: JSON.stringify(event), requestId: id, deadline, clock });
      }),
    get hasDied() {
      return hasDied;
    },
    stop: async () => {
      await worker.terminate();
    },
  };
}

function forwardLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line);
  });
}
