export interface PortFailure {
  /** Counts calls of all ports together, from 0. */
  readonly at: number;
  /** Whether the call took effect before it failed. */
  readonly when: 'before' | 'after';
}

export class PortFailed extends Error {}

/** Ports of which one call fails, once. `calls` answers how many there were. */
export function failingPorts<T extends object>(
  ports: T,
  failure: PortFailure | undefined,
): { readonly ports: T; readonly calls: () => number } {
  let calls = 0;
  const act = async (run: () => unknown): Promise<unknown> => {
    const number = calls++;
    if (number !== failure?.at) return run();
    if (failure.when === 'after') await run();
    throw new PortFailed();
  };
  const failing = <S extends object>(store: S): S =>
    new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: readonly unknown[]) => act(() => Reflect.apply(value, target, args));
      },
    });
  const wrapped = new Proxy(ports, {
    get: (target, name) => {
      const store: unknown = Reflect.get(target, name);
      return typeof store === 'object' && store !== null ? failing(store) : store;
    },
  });
  return { ports: wrapped, calls: () => calls };
}

/**
 * Runs a story once undisturbed, and then once for every port call of it, failing before and after the call took effect. `story` sets everything up, calls
 * `attempt` with each step that a caller repeats after a failure, and answers what must come out the same.
 */
export async function crashTable<T extends object, S>(
  setUp: () => Promise<T>,
  story: (stores: T, attempt: <R>(step: (ports: T) => Promise<R>) => Promise<R>) => Promise<S>,
): Promise<{ readonly expected: S; readonly outcomes: readonly S[] }> {
  const tell = async (failure: PortFailure | undefined) => {
    const stores = await setUp();
    const { ports, calls } = failingPorts(stores, failure);
    const outcome = await story(stores, async (step) => {
      try {
        return await step(ports);
      } catch (error) {
        if (!(error instanceof PortFailed)) throw error;
        return step(ports);
      }
    });
    return { outcome, calls: calls() };
  };
  const { outcome: expected, calls } = await tell(undefined);
  const outcomes: S[] = [];
  for (let at = 0; at < calls; at++) {
    for (const when of ['before', 'after'] as const) outcomes.push((await tell({ at, when })).outcome);
  }
  return { expected, outcomes };
}
