import { Worker } from 'node:worker_threads';
import type { Judge, JudgedChunk, JudgeOrder } from './judge-lines.ts';

export interface LineWorkers {
  /** Whichever thread has the least to do judges it. The chunk is handed over: its bytes are empty afterwards. Rejects when a thread dies. */
  readonly judge: Judge;
  close(): Promise<void>;
}

interface Pending {
  readonly resolve: (judged: JudgedChunk) => void;
  readonly reject: (error: unknown) => void;
}

/** Threads that judge lines. One is started when all others have work, so a short file takes one only. */
export function startLineWorkers(jobs: number, order: JudgeOrder): LineWorkers {
  const threads: LineThread[] = [];
  const idlest = (): LineThread => {
    const [first] = threads.toSorted((a, b) => a.load - b.load);
    if (first !== undefined && (first.load === 0 || threads.length >= jobs)) return first;
    const started = startThread(order);
    threads.push(started);
    return started;
  };
  return {
    judge: (chunk) => idlest().judge(chunk),
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

interface LineThread {
  readonly load: number;
  readonly judge: Judge;
  close(): Promise<unknown>;
}

function startThread(order: JudgeOrder): LineThread {
  // A thread prints nothing itself. Were its outputs joined to those of the process, each thread would add listeners to them.
  const worker = new Worker(new URL('./lines-worker.js', import.meta.url), {
    workerData: order,
    stdout: true,
    stderr: true,
  });
  const pending = new Map<number, Pending>();
  let next = 0;
  worker.on('message', ({ id, judged }: { id: number; judged: JudgedChunk }) => {
    pending.get(id)?.resolve(judged);
    pending.delete(id);
  });
  const fail = (error: unknown) => {
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  worker.once('error', fail).once('exit', () => fail(new Error('a thread has ended')));
  return {
    get load() {
      return pending.size;
    },
    judge: (chunk) =>
      new Promise((resolve, reject) => {
        const id = next++;
        pending.set(id, { resolve, reject });
        worker.postMessage({ id, chunk }, [chunk.bytes.buffer]);
      }),
    close: () => worker.terminate(),
  };
}
