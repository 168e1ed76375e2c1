import { expect, it } from 'vitest';
import { republishEvery, type Scheduled } from './republish.ts';

it('starts every schedule of the cloud, decisions before logs, logs before lists, and one that fails stops no other', async () => {
  const started: string[] = [];
  const { promise: told, resolve } = Promise.withResolvers<string>();
  const network: Scheduled = {
    rotateNow: async () => void started.push('keys'),
    keepDecisionsNow: async () => {
      started.push('decisions');
      throw new Error('the store is away');
    },
    logNow: async () => void started.push('logs'),
    publishNow: async () => void started.push('lists'),
  };
  const stop = republishEvery(network, 0.001, resolve);
  expect(await told).toBe('A scheduled publication failed; the next one tries again.');
  await stop();
  expect(started.slice(0, 4)).toEqual(['keys', 'decisions', 'logs', 'lists']);
});
