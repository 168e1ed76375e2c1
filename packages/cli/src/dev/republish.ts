import type { LocalNetwork } from '@symbolon/local/network';

/**
 * Plays the cloud's schedules: keys, lists, timestamp and bundle, every so many seconds; a publication that takes longer is not overtaken.
 *
 * @returns how to stop it; resolves when a publication that is under way has ended
 */
export function republishEvery(
  network: LocalNetwork,
  seconds: number,
  warn: (sentence: string) => void,
): () => Promise<void> {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= publish(network)
      .catch(() => warn('A scheduled publication failed; the next one tries again.'))
      .finally(() => {
        running = undefined;
      });
  }, seconds * 1000);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

async function publish(network: LocalNetwork): Promise<void> {
  await network.rotateNow();
  await network.publishNow();
}
