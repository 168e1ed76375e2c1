type Around = (name: string, args: readonly unknown[], call: () => unknown) => unknown;

/** The same ports, with every call of a method of theirs led through `around`. What is no object with methods (randomness, a list of signers) stays as it is. */
export function watchedPorts<T extends object>(ports: T, around: Around): T {
  const watched = Object.entries(ports).map(([port, methods]) => {
    if (typeof methods !== 'object' || methods === null || Array.isArray(methods)) return [port, methods];
    const wrapped = Object.entries(methods).map(([name, method]) => [
      name,
      typeof method === 'function'
        ? (...args: unknown[]) => around(`${port}.${name}`, args, () => method(...args))
        : method,
    ]);
    return [port, Object.fromEntries(wrapped)];
  });
  return Object.fromEntries(watched) as T;
}

/** What a process that died says to whoever waits for it. */
export class Crash extends Error {}

/**
 * Ports of a process that dies at its `at`-th call (from 1): before the call had an effect, or after. From then on nothing gets through.
 *
 * `name` tells at which call it died, once it has.
 */
export function crashingPorts<T extends object>(
  ports: T,
  at: number,
  when: 'before' | 'after',
): { readonly ports: T; readonly diedAt: () => string | undefined } {
  let calls = 0;
  let died: string | undefined;
  const around: Around = async (name, _, call) => {
    if (died !== undefined) throw new Crash(died);
    if (++calls !== at) return call();
    if (when === 'after') await call();
    died = name;
    throw new Crash(name);
  };
  return { ports: watchedPorts(ports, around), diedAt: () => died };
}
