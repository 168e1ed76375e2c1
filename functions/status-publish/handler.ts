import { signerFor } from '@symbolon/issuer/publication';
import { publishLists } from '@symbolon/issuer/publish-lists';
import { jsonLog } from '../runtime/log.ts';
import { scheduledFunction } from '../runtime/scheduled-function.ts';
import { statusPublish } from './dependencies.ts';

/** Publishes the region's status lists as static files: only those that changed or grow old. */
export const handler = scheduledFunction(jsonLog('status-publish'), statusPublish, async (world, now) => {
  const publication = await world.publication(now);
  const { signer } = signerFor(publication, 'status', now, await world.signersOf(publication, now));
  const { region, schemes } = publication;
  const settings = {
    ...world.settings,
    issuer: region.issuer,
    did: region.did,
    lifeHours: Math.max(1, ...Object.values(schemes).map((scheme) => scheme.longestValidityHours)),
    signer,
  };
  world.log('lists.published', await publishLists(world, settings, now));
});
