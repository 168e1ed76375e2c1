import type { LocalNetwork } from '@symbolon/local/network';

/** What a schedule starts in the cloud. */
export type Scheduled = Pick<LocalNetwork, 'rotateNow' | 'keepDecisionsNow' | 'logNow' | 'publishNow'>;

/**
 * Plays the cloud's schedules: keys, decisions, logs, lists, timestamp and bundle, every so many seconds; a run that takes longer is not overtaken.
 *
 * @returns how to stop it; resolves when a publication that is under way has ended
 */
export function republishEvery(
  network: Scheduled,
  seconds: number,
  warn: (sentence: string) => void,
): () => Promise<void> {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= runOnce(network, warn).finally(() => {
      running = undefined;
    });
  }, seconds * 1000);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** In the cloud each has a schedule of its own, so one that fails stops none of the others. Decisions come before their log, and that before the lists that tell of them. */
async function runOnce(network: Scheduled, warn: (sentence: string) => void): Promise<void> {
  const schedules = [network.rotateNow, network.keepDecisionsNow, network.logNow, network.publishNow];
  let hasFailed = false;
  for (const each of schedules) {
    await each().catch(() => {
      hasFailed = true;
    });
  }
  if (hasFailed) warn('A scheduled publication failed; the next one tries again.');
}
