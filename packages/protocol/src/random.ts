import type { Bytes } from './bytes.ts';

/** Unpredictable bytes. Injected, so that a test can seed it; production passes `systemRandom`. */
export type RandomBytes = (length: number) => Bytes;

export const systemRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));
