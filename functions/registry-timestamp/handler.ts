import type { Instant } from '@symbolon/protocol/instant';
import { publish } from '@symbolon/registry/ceremony/publish';
import { resignTimestamp } from '@symbolon/registry/ceremony/resign-timestamp';
import { jsonLog } from '../runtime/log.ts';
import { runRegistryLog } from '../runtime/registry-log-run.ts';
import { registryMemory } from '../runtime/registry-memory.ts';
import { scheduledFunction } from '../runtime/scheduled-function.ts';
import { writeTrustBundle } from '../runtime/trust-bundle.ts';
import { type RegistryTimestamp, registryTimestamp } from './dependencies.ts';

/**
 * Hourly: says "this is still current" by a new timestamp, logs what is not in the log of the registry yet, has that log cosigned anew, and writes the trust bundle
 * that offline verifiers fetch. It can extend what the admins published, never change it: its keys sign snapshot, timestamp and the log's checkpoints only.
 */
export async function keepCurrent(world: RegistryTimestamp, now: Instant): Promise<void> {
  const { objects, pinnedRoot, signers, lists, log } = world;
  const root = await pinnedRoot();
  const online = { snapshot: signers, timestamp: signers };
  const publication = await resignTimestamp({
    read: (path) => objects.read(path),
    pinnedRoot: root,
    signers: online,
    now,
  });
  await publish(objects, publication);
  log('registry.resigned', { snapshots: publication.files.size });
  const memory = registryMemory();
  const failure = await runRegistryLog({ ...world, open: () => memory.open(objects, root, now) });
  log('bundle.written', await writeTrustBundle(objects, root, lists, now));
  // Revocations reach verifiers all the same; but a log that cannot go on is for people to look at.
  if (failure !== undefined) throw failure;
}

export const handler = scheduledFunction(jsonLog('registry-timestamp'), registryTimestamp, keepCurrent);
