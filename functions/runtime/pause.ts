import { setTimeout } from 'node:timers/promises';

/** Waits for so many milliseconds. */
export type Pause = (milliseconds: number) => Promise<void>;

export const systemPause: Pause = async (milliseconds) => {
  await setTimeout(milliseconds);
};
