import { expect, it } from 'vitest';
import { race } from './measure.ts';

const settings = { rounds: 3, progress: () => undefined };

function spin(turns: number): boolean {
  let sum = 0;
  for (let i = 0; i < turns; i++) sum += Math.sqrt(i);
  return sum > 0;
}

it('a ratio below one means that the first is slower than the second', async () => {
  const { speed, time } = await race(
    {
      name: 'spin',
      operations: 4,
      prepare: async (count: number) => Array.from({ length: count }, () => 100_000),
      runners: { ours: (turns) => spin(100 * turns), floor: spin },
    },
    settings,
  );
  expect(speed('ours', 'floor').median).toBeLessThan(0.5);
  expect(speed('floor', 'ours').median).toBeGreaterThan(2);
  expect(time('ours').median).toBeGreaterThan(time('floor').median);
});

it('every round gets inputs of its own, and all runners get the same ones', async () => {
  const seen = { ours: [] as number[], floor: [] as number[] };
  let next = 0;
  await race(
    {
      name: 'inputs',
      operations: 2,
      prepare: async (count: number) => Array.from({ length: count }, () => next++),
      runners: {
        ours: (input) => seen.ours.push(input) > 0,
        floor: async (input) => seen.floor.push(input) > 0,
      },
    },
    settings,
  );
  // Three rounds, and one to warm up.
  expect(seen).toEqual({ ours: [0, 1, 2, 3, 4, 5, 6, 7], floor: [0, 1, 2, 3, 4, 5, 6, 7] });
});

it('work that was not done as it must be is not measured', async () => {
  const refused = race(
    {
      name: 'refused',
      operations: 2,
      prepare: async () => [true, false],
      runners: { ours: (input) => input, floor: () => true },
    },
    settings,
  );
  await expect(refused).rejects.toThrow('refused');
});
