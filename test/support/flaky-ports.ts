/** What a storage that fails throws. */
export class PortFailure extends Error {}

export interface Failure {
  /** Counts calls of all ports together, from 0. */
  readonly at: number;
  /** Whether the call took effect before it failed. */
  readonly when: 'before' | 'after';
}

export interface FlakyPorts<T> {
  readonly ports: T;
  /** Every call so far, by port and method. */
  readonly calls: readonly string[];
}

/**
 * Ports of which one call fails, once: not persisted, or persisted and not told. Every method of every object in `ports` is one that can fail; functions and
 * values in it are left as they are.
 */
export function flakyPorts<T extends object>(ports: T, failure: Failure | undefined): FlakyPorts<T> {
  const calls: string[] = [];
  const call = async (name: string, run: () => unknown): Promise<unknown> => {
    const number = calls.push(name) - 1;
    if (failure?.at !== number) return run();
    if (failure.when === 'after') await run();
    throw new PortFailure(`${name} (${number})`);
  };
  const wrapped = new Proxy(ports, {
    get: (target, key) => {
      const store: unknown = Reflect.get(target, key);
      if (typeof store !== 'object' || store === null || Array.isArray(store)) return store;
      return new Proxy(store, {
        get: (inner, method) => {
          const value: unknown = Reflect.get(inner, method);
          if (typeof value !== 'function') return value;
          return (...args: readonly unknown[]) =>
            call(`${String(key)}.${String(method)}`, () => Reflect.apply(value, inner, args));
        },
      });
    },
    // Spread copies must be wrapped as well.
    ownKeys: (target) => Reflect.ownKeys(target),
    getOwnPropertyDescriptor: (target, key) => Reflect.getOwnPropertyDescriptor(target, key),
  });
  return { ports: wrapped, calls };
}
