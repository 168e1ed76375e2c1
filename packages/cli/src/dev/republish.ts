import type { LocalNetwork } from '@symbolon/local/network';

const EVERY_MILLISECONDS = 60_000;

/**
 * Plays the cloud's schedules: lists, timestamp and bundle, once a minute.
 *
 * @returns how to stop it; resolves when a publication that is under way has ended
 */
export function republishEvery(network: LocalNetwork, warn: (sentence: string) => void): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = network
      .publishNow()
      .catch(() => warn('A scheduled publication failed; the next one tries again.'));
  }, EVERY_MILLISECONDS);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
