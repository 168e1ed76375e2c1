/** One step of somebody: it waits for its turn, then runs, and nobody else with it. */
interface Waiting {
  readonly actor: number;
  readonly go: () => void;
}

/**
 * Lets several actors run at once, in an order that is chosen step by step: a step is one call of a port. While a step runs nobody else does, so the same choices give the same run.
 */
export class Turns {
  readonly #waiting: Waiting[] = [];
  readonly #busy: number[] = [];
  #steps = 0;

  /** The ports of one actor: each of their methods is a step. Functions and values beside them are left as they are. */
  portsOf<T extends object>(actor: number, ports: T): T {
    const take = (run: () => unknown) => this.#take(actor, run);
    return new Proxy(ports, {
      get: (target, key) => {
        const port: unknown = Reflect.get(target, key);
        if (typeof port !== 'object' || port === null) return port;
        return new Proxy(port, {
          get: (inner, name) => {
            const method: unknown = Reflect.get(inner, name);
            if (typeof method !== 'function') return method;
            return (...args: readonly unknown[]) => take(() => Reflect.apply(method, inner, args));
          },
        });
      },
    });
  }

  /**
   * Runs the actors to their end.
   *
   * @param choose says which of those that wait goes next
   * @returns the number of steps
   */
  async run(
    actors: readonly (() => Promise<void>)[],
    choose: (waiting: readonly number[], step: number) => number,
  ): Promise<number> {
    const done = actors.map(() => false);
    const ends = actors.map(async (actor, i) => {
      try {
        await actor();
      } finally {
        done[i] = true;
      }
    });
    const all = Promise.allSettled(ends);
    while (done.includes(false)) {
      const isQuiet = done.every(
        (isDone, i) =>
          isDone || ((this.#busy[i] ?? 0) === 0 && this.#waiting.some(({ actor }) => actor === i)),
      );
      if (!isQuiet) {
        await new Promise(setImmediate);
        continue;
      }
      const next = choose([...new Set(this.#waiting.map(({ actor }) => actor))].toSorted(), this.#steps++);
      const at = this.#waiting.findIndex(({ actor }) => actor === next);
      const [step] = this.#waiting.splice(at, 1);
      if (step === undefined) throw new TypeError('nobody waits');
      this.#busy[next] = (this.#busy[next] ?? 0) + 1;
      step.go();
    }
    for (const end of await all) if (end.status === 'rejected') throw end.reason;
    return this.#steps;
  }

  async #take(actor: number, run: () => unknown): Promise<unknown> {
    await new Promise<void>((go) => {
      this.#waiting.push({ actor, go });
    });
    try {
      return await run();
    } finally {
      this.#busy[actor] = (this.#busy[actor] ?? 1) - 1;
    }
  }
}
