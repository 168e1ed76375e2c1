import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '@symbolon/protocol/instant';
import { type Change, recordOf } from '@symbolon/registry/ceremony/changes/change';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import { checkChanges } from '@symbolon/registry/ceremony/event/check-changes';
import { refuse } from '@symbolon/registry/ceremony/event/check-event';
import { extendEvent, proposeEvent } from '@symbolon/registry/ceremony/event/propose-event';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { ceremonyNow } from '../clock.ts';
import { note } from '../output/terminal.ts';
import type { ChangeOptions } from './change-options.ts';
import { rulesFaults } from './check-proposal.ts';
import { isThere, readEventFolder, replaceEventFolder } from './event-folder.ts';
import { printEvent } from './print-event.ts';
import { openPublished } from './published.ts';

/** What the changes that a command asks for may depend on. */
export interface ChangeContext {
  /** Nothing before the first publication. */
  readonly published: Draft | undefined;
  /** The event that they are added to, if there is one. */
  readonly former: SigningEvent | undefined;
  readonly now: Instant;
}

export interface Proposal {
  /** What the history calls it, unless `--title` says otherwise: `add-region CN-GD`. */
  readonly title: string;
  readonly make: (context: ChangeContext) => readonly Change[];
  /** The first publication: nothing must be there. */
  readonly first?: boolean;
}

/**
 * Makes a signing event of changes, or adds them to the one in `--event`; shows what it does to what is published, and writes the folder. The same
 * command again, after an interruption say, changes nothing.
 *
 * @throws SymbolonError what `proposeEvent` refuses, and nothing is written then
 */
export async function proposeChange(options: ChangeOptions, proposal: Proposal): Promise<void> {
  const now = ceremonyNow();
  const folder = options.event ?? folderName(proposal.title);
  const former = (await isThere(folder)) ? await readEventFolder(folder) : undefined;
  const about = former ?? (proposal.first ? { base: undefined, root: undefined } : undefined);
  const { place, published } = await openPublished(options, about, now);
  const changes = proposal.make({ published, former, now });
  const isIn = former !== undefined && changes.every((change) => holds(former, change));
  const title = options.title ?? former?.title ?? proposal.title;
  // What event.json says is believed only when it is what the files do.
  if (isIn) await checkChanges(former, published);
  const event = isIn ? former : await extend(former, published, changes, title, now);
  refuse(await rulesFaults(event, published, now));
  if (isIn) note('This change is in the event already.');
  if (!isIn && former !== undefined && former.signatures.size > 0) {
    note('The event was signed before this change was added: everyone signs it anew.');
  }
  if (!options.dryRun && !isIn) await replaceEventFolder(folder, event);
  const written = options.dryRun && !isIn ? undefined : folder;
  await printEvent({ event, published, folder: written, place, json: options.json === true });
}

function extend(
  former: SigningEvent | undefined,
  published: Draft | undefined,
  changes: readonly Change[],
  title: string,
  now: Instant,
): Promise<SigningEvent> {
  return former === undefined
    ? proposeEvent(published, changes, { title, now })
    : extendEvent(former, published, changes, { title, now });
}

/** Whether an event has a change already: by what it says, not by when it was made. */
function holds(event: SigningEvent, change: Change): boolean {
  const wanted = plainJson(recordOf(change));
  return event.changes.some((record) => isDeepStrictEqual(plainJson(record), wanted));
}

/** Without members that are undefined. */
function plainJson(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Beside where the command runs: `event-add-region-CN-GD`. */
function folderName(title: string): string {
  return `event-${title.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 80)}`;
}
