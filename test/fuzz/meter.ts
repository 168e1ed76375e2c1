import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import zlib from 'node:zlib';

/**
 * Counts the bytes and characters that a reader has read, hashed, checked and inflated: how much work it did, on any machine the same. A reader
 * that works without any of these is not seen; the rest is what costs.
 */
export interface Meter {
  /** Since the last call. */
  take(): number;
  remove(): void;
}

type Counted = (this: unknown, ...args: unknown[]) => unknown;

export function installMeter(): Meter {
  let work = 0;
  const undo: (() => void)[] = [];
  const count = (value: unknown) => {
    if (typeof value === 'string') work += value.length;
    else if (ArrayBuffer.isView(value)) work += value.byteLength;
    else if (typeof value === 'object' && value !== null && 'buffer' in value) count(value.buffer);
  };
  const watch = <T extends object>(owner: T, name: keyof T & string, what: 'arguments' | 'answer') => {
    const original: unknown = owner[name];
    if (typeof original !== 'function') throw new Error(`${name} is no function`);
    const counted: Counted = function (...args) {
      if (what === 'arguments') for (const arg of args) count(arg);
      const answer: unknown = Reflect.apply(original, this, args);
      if (what === 'answer') count(answer);
      return answer;
    };
    Object.defineProperty(owner, name, { value: counted, configurable: true, writable: true });
    undo.push(() =>
      Object.defineProperty(owner, name, { value: original, configurable: true, writable: true }),
    );
  };
  watch(JSON, 'parse', 'arguments');
  watch(TextDecoder.prototype, 'decode', 'arguments');
  watch(TextEncoder.prototype, 'encode', 'arguments');
  watch(crypto, 'hash', 'arguments');
  watch(crypto, 'verify', 'arguments');
  watch(zlib, 'inflateRawSync', 'answer');
  syncBuiltinESMExports();
  return {
    take: () => {
      const taken = work;
      work = 0;
      return taken;
    },
    remove: () => {
      for (const each of undo) each();
      syncBuiltinESMExports();
    },
  };
}
