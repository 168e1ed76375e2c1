import { syncBuiltinESMExports } from 'node:module';
import zlib from 'node:zlib';

type Inflater = (this: unknown, data: unknown, options?: { readonly maxOutputLength?: number }) => unknown;

const NAMES = ['inflateSync', 'inflateRawSync', 'gunzipSync'] as const;

/** How many bytes a piece of work inflated, by node:zlib or by the web platform's streams. One that is stopped at a bound counts as that bound. */
export async function countInflated(work: () => Promise<unknown>): Promise<number> {
  let inflated = 0;
  const originals = new Map<string, unknown>(NAMES.map((name) => [name, zlib[name]]));
  for (const name of NAMES) {
    const original: unknown = zlib[name];
    const counted: Inflater = function (data, options) {
      try {
        const answer: unknown = Reflect.apply(original as Inflater, this, [data, options]);
        inflated += lengthOf(answer);
        return answer;
      } catch (error) {
        // Without a bound, nothing would stop it.
        inflated += error instanceof RangeError ? (options?.maxOutputLength ?? Number.POSITIVE_INFINITY) : 0;
        throw error;
      }
    };
    Object.defineProperty(zlib, name, { value: counted, configurable: true, writable: true });
  }
  syncBuiltinESMExports();
  const Stream = globalThis.DecompressionStream;
  globalThis.DecompressionStream = class {
    constructor(format: CompressionFormat) {
      const stream = new Stream(format);
      const counter = new TransformStream<Uint8Array, Uint8Array>({
        transform: (part, controller) => {
          inflated += part.length;
          controller.enqueue(part);
        },
      });
      const readable = stream.readable.pipeThrough(counter);
      Object.assign(this, { readable, writable: stream.writable });
    }
  } as typeof DecompressionStream;
  try {
    await work();
  } finally {
    for (const [name, value] of originals)
      Object.defineProperty(zlib, name, { value, configurable: true, writable: true });
    syncBuiltinESMExports();
    globalThis.DecompressionStream = Stream;
  }
  return inflated;
}

function lengthOf(answer: unknown): number {
  if (ArrayBuffer.isView(answer)) return answer.byteLength;
  return typeof answer === 'object' && answer !== null && 'buffer' in answer ? lengthOf(answer.buffer) : 0;
}
