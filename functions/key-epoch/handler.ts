import { EPOCH_USES, type EpochUse } from '@symbolon/issuer/ports';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import type { Change } from '@symbolon/registry/ceremony/changes/change';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import { proposeEvent } from '@symbolon/registry/ceremony/event/propose-event';
import { signEvent } from '@symbolon/registry/ceremony/event/sign-event';
import { keepHours, planEpochs } from '@symbolon/registry/epochs';
import { codeOf } from '../runtime/code-of.ts';
import { jsonLog } from '../runtime/log.ts';
import { scheduledFunction } from '../runtime/scheduled-function.ts';
import { forgetEnded, unpublishedKey } from './custody.ts';
import { type KeyEpoch, keyEpoch } from './dependencies.ts';
import { type PublishedKeys, publishedKeys } from './published-keys.ts';
import { send, sendAgain } from './send.ts';
import type { NewKey } from './signing-memory.ts';

/** How long a publication may take, all its tries included. A key's lead counts from its end, and what was signed is not signed otherwise. */
const MARGIN_HOURS = 24;

/**
 * Hourly: makes the next issuing and status keys of a region and publishes them ahead, lets keys go whose time is over, and keeps `keys.json` signed. Every
 * step may be the last one of a run that is killed: what it left is found by the next run, which finishes.
 */
export async function runKeyEpoch(world: KeyEpoch, now: Instant): Promise<void> {
  const published = await world.published(now);
  // REQ-REG-005: nothing is built on a registry that is older than the copy.
  const copyFault = await world.keepCopy(published, now);
  if (copyFault !== undefined) world.log('registry.copy-failed', { code: codeOf(copyFault) });
  await renewKeys(world, published, now);
  // Keys are renewed all the same, and the run is a failed one.
  if (copyFault !== undefined) throw copyFault;
}

async function renewKeys(world: KeyEpoch, published: Draft, now: Instant): Promise<void> {
  const { region, keys, holder, log } = world;
  const current = publishedKeys(published, region, now);
  const last = await world.memory.last();
  const isAllThere = last === undefined || last.version <= current.version;
  // First, while the registry still tells what they were: a stored key without entry and mark is one that was never published.
  let forgotten = 0;
  for (const use of EPOCH_USES) forgotten += await forgetEnded(keys, use, current.keys, isAllThere, now);
  // REQ-CER-015: what was signed is published, or nothing is.
  if (!isAllThere) return sendAgain(world, last);

  const due = dueUses(world, published, current, now);
  if (due.length > 0 || current.endsSoon) requireFresh(world, published, now);
  const changes: Change[] = [];
  const newKeys: NewKey[] = [];
  let made = 0;
  for (const use of due) {
    // Stored before it is published: no registry knows a key that nobody has.
    const { signer, isNew } = await unpublishedKey(keys, use, current.keys, log);
    if (isNew) made++;
    const { epochHours } = world;
    const jwk = signer.publicJwk;
    changes.push({ change: 'add-key', region, use, jwk, epochHours, marginHours: MARGIN_HOURS });
    newKeys.push({ use, kid: signer.kid });
  }
  log('epochs.checked', { due: due.length, made, forgotten });
  if (changes.length === 0 && current.endsSoon) changes.push({ change: 'renew', role: `${region}.keys` });
  if (changes.length === 0) return;

  const title = due.length > 0 ? `New keys of ${region}` : `Keys of ${region}, signed anew`;
  const event = await signEvent(await proposeEvent(published, changes, { title, now }), published, [holder]);
  await world.memory.keep(event, newKeys, last);
  await send(world, { event, keys: newKeys });
}

/**
 * REQ-REG-023: whoever holds the registry back must not get signatures on top of what is old. The next run tries again.
 *
 * @throws SymbolonError `registry-stale`
 */
function requireFresh({ log }: KeyEpoch, { base }: Draft, now: Instant): void {
  if (base === undefined) throw new SymbolonError('metadata-missing');
  const { signedAt, federation } = base.view;
  if (now <= addHours(signedAt, federation.freshness.warnAfterHours)) return;
  log('registry.stale', { seconds: now - signedAt });
  throw new SymbolonError('registry-stale');
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
  const { freshness } = base.view.federation;
  const settings = {
    epochHours,
    leadHours: freshness.referAfterHours + MARGIN_HOURS,
    keepHours: keepHours(freshness),
  };
  return EPOCH_USES.filter((use) => planEpochs(keys, use, now, settings).make !== undefined);
}

export const handler = scheduledFunction(jsonLog('key-epoch'), keyEpoch, runKeyEpoch);
