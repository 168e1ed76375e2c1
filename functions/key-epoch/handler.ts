import { EPOCH_USES, type EpochUse } from '@symbolon/issuer/ports';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Change } from '@symbolon/registry/ceremony/changes/change';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import { proposeEvent } from '@symbolon/registry/ceremony/event/propose-event';
import { signEvent } from '@symbolon/registry/ceremony/event/sign-event';
import { planEpochs } from '@symbolon/registry/epochs';
import { jsonLog } from '../runtime/log.ts';
import { scheduledFunction } from '../runtime/scheduled-function.ts';
import { forgetEnded, unpublishedKey } from './custody.ts';
import { type KeyEpoch, keyEpoch } from './dependencies.ts';
import { type PublishedKeys, publishedKeys } from './published-keys.ts';

/** How long a publication may take. A key's lead counts from its end. */
const MARGIN_HOURS = 1;

/**
 * Hourly: makes the next issuing and status keys of a region and publishes them ahead, lets keys go whose time is over, and keeps `keys.json` signed. Every
 * step may be the last one of a run that is killed: what it left is found by the next run, which finishes.
 */
export async function runKeyEpoch(world: KeyEpoch, now: Instant): Promise<void> {
  const published = await world.published(now);
  const copyFault = await keepCopy(world, published, now);
  await renewKeys(world, published, now);
  if (copyFault !== undefined) throw copyFault;
}

async function renewKeys(world: KeyEpoch, published: Draft, now: Instant): Promise<void> {
  const { region, keys, holder, log } = world;
  const current = publishedKeys(published, region, now);
  // First, while the registry still tells what they were: a stored key without an entry is one that was never published.
  let forgotten = 0;
  for (const use of EPOCH_USES) forgotten += await forgetEnded(keys, use, current.keys, now);

  const due = dueUses(world, published, current, now);
  const changes: Change[] = [];
  let made = 0;
  for (const use of due) {
    // Stored before it is published: no registry knows a key that nobody has.
    const { signer, isNew } = await unpublishedKey(keys, use, current.keys, log);
    if (isNew) made++;
    const { epochHours } = world;
    const jwk = signer.publicJwk;
    changes.push({ change: 'add-key', region, use, jwk, epochHours, marginHours: MARGIN_HOURS });
  }
  log('epochs.checked', { due: due.length, made, forgotten });
  if (changes.length === 0 && current.endsSoon) changes.push({ change: 'renew', role: `${region}.keys` });
  if (changes.length === 0) return;

  const title = due.length > 0 ? `New keys of ${region}` : `Keys of ${region}, signed anew`;
  const event = await proposeEvent(published, changes, { title, now });
  const status = await world.publisher.publish(await signEvent(event, published, [holder]));
  log('keys.published', { status });
}

/**
 * A copy that could not be kept makes the run a failed one, at its end: keys are renewed all the same. But nothing is built on a registry that is older than
 * the copy.
 *
 * @returns why it could not be kept
 */
async function keepCopy(world: KeyEpoch, published: Draft, now: Instant): Promise<unknown> {
  try {
    await world.keepCopy(published, now);
    return undefined;
  } catch (error) {
    const code = isSymbolonError(error) ? error.code : 'internal-error';
    if (code === 'metadata-rollback') throw error;
    world.log('registry.copy-failed', { code });
    return error;
  }
}

/** REQ-KEY-012: the uses of which the next key is to be published now, so that it has its lead. */
function dueUses(
  { epochHours }: KeyEpoch,
  { base }: Draft,
  { keys, isStopped }: PublishedKeys,
  now: Instant,
): readonly EpochUse[] {
  if (base === undefined) throw new SymbolonError('metadata-missing');
  // REQ-CER-005: a region that has stopped starts by a ceremony, not by itself.
  if (isStopped) return [];
  const { federation, schemes } = base.view;
  const { referAfterHours, blockAfterHours } = federation.freshness;
  const validities = Object.values(schemes).map(({ longestValidityHours }) => longestValidityHours);
  const settings = {
    epochHours,
    leadHours: referAfterHours + MARGIN_HOURS,
    keepHours: Math.max(0, ...validities) + blockAfterHours,
  };
  return EPOCH_USES.filter((use) => planEpochs(keys, use, now, settings).make !== undefined);
}

export const handler = scheduledFunction(jsonLog('key-epoch'), keyEpoch, runKeyEpoch);
