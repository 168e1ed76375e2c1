import { setTimeout } from 'node:timers/promises';

/** Waits for so many milliseconds. */
export type Pause = (milliseconds: number) => Promise<void>;

export const systemPause: Pause = async (milliseconds) => {
  await setTimeout(milliseconds);
};

/** The same for what is waited for beside something else: it keeps no process running. */
export const systemTimer: Pause = async (milliseconds) => {
  await setTimeout(milliseconds, undefined, { ref: false });
};
