import { publish } from '@symbolon/registry/ceremony/publish';
import { resignTimestamp } from '@symbolon/registry/ceremony/resign-timestamp';
import { jsonLog } from '../runtime/log.ts';
import { scheduledFunction } from '../runtime/scheduled-function.ts';
import { writeTrustBundle } from '../runtime/trust-bundle.ts';
import { registryTimestamp } from './dependencies.ts';

/**
 * Hourly: says "this is still current" by a new timestamp, and writes the trust bundle that offline verifiers fetch. It can extend what the admins
 * published, never change it: its key signs snapshot and timestamp only.
 */
export const handler = scheduledFunction(
  jsonLog('registry-timestamp'),
  registryTimestamp,
  async ({ objects, pinnedRoot, signers, lists, log }, now) => {
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
    log('bundle.written', await writeTrustBundle(objects, root, lists, now));
  },
);
