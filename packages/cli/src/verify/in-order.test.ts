import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.ts';

const never = new Promise<void>(() => undefined);

/** Work that is done when it is told so. */
function manualWork() {
  const waiting = new Map<number, (result: string) => void>();
  return {
    started: [] as number[],
    finish: (input: number) => waiting.get(input)?.(`result ${input}`),
    work(input: number) {
      this.started.push(input);
      return new Promise<string>((resolve) => waiting.set(input, resolve));
    },
  };
}

async function* numbers(count: number, taken: number[] = []) {
  for (let i = 0; i < count; i++) {
    taken.push(i);
    yield i;
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('results in order', () => {
  it('come in the order of the inputs, whichever is done first', async () => {
    const manual = manualWork();
    const all = inOrder(numbers(3), (input) => manual.work(input), 3, never);
    const first = all.next();
    await settled();
    manual.finish(2);
    manual.finish(0);
    expect(await first).toEqual({ done: false, value: 'result 0' });
    manual.finish(1);
    expect(await all.next()).toEqual({ done: false, value: 'result 1' });
    expect(await all.next()).toEqual({ done: false, value: 'result 2' });
    expect(await all.next()).toEqual({ done: true, value: undefined });
  });

  it('no more are under way than may be, and none is taken while nobody reads', async () => {
    const manual = manualWork();
    const taken: number[] = [];
    const all = inOrder(numbers(100, taken), (input) => manual.work(input), 4, never);
    const first = all.next();
    await settled();
    expect(manual.started).toEqual([0, 1, 2, 3]);
    for (const input of [0, 1, 2, 3]) manual.finish(input);
    await first;
    await settled();
    // One more is at hand; it waits for whoever reads.
    expect([manual.started.length, taken.length]).toEqual([4, 5]);
  });

  it('a result is given at once, though the next input has not come', async () => {
    const source = {
      inputs: [7],
      next() {
        const value = this.inputs.shift();
        return value === undefined
          ? new Promise<IteratorResult<number>>(() => undefined)
          : Promise.resolve({ done: false, value } as const);
      },
    };
    const all = inOrder(source, async (input) => input * 2, 8, never);
    expect(await all.next()).toEqual({ done: false, value: 14 });
  });

  it('when it is stopped, what is under way is finished, and nothing else begun', async () => {
    const manual = manualWork();
    const { promise: stop, resolve: stopNow } = Promise.withResolvers<void>();
    const all = inOrder(numbers(100), (input) => manual.work(input), 2, stop);
    const first = all.next();
    await settled();
    stopNow();
    await settled();
    manual.finish(0);
    manual.finish(1);
    expect(await first).toMatchObject({ value: 'result 0' });
    expect(await all.next()).toMatchObject({ value: 'result 1' });
    const rest: string[] = [];
    for (let next = all.next(); ; next = all.next()) {
      await settled();
      for (const input of manual.started) manual.finish(input);
      const { done, value } = await next;
      if (done === true) break;
      rest.push(value);
    }
    // At most the one that was at hand already.
    expect(rest.length).toBeLessThanOrEqual(1);
  });

  it('work that fails is told in its turn', async () => {
    const work = async (input: number) => {
      if (input === 1) throw new Error('broken');
      return input;
    };
    const all = inOrder(numbers(3), work, 3, never);
    expect(await all.next()).toMatchObject({ value: 0 });
    await expect(all.next()).rejects.toThrow('broken');
  });
});
