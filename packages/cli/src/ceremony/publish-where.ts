import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { passphrases } from '../custody/passphrase.ts';
import { signersAt } from '../custody/signer-at.ts';
import { countLine, print, printJson } from '../output/terminal.ts';
import type { RegistryOptions } from '../registry/registry-options.ts';
import { UsageError } from '../usage-error.ts';
import { postEvent } from './post-event.ts';
import { tellPublication } from './print-publication.ts';
import { counted, publishEvent } from './publish-event.ts';
import { type EventRegistry, openPublished } from './published.ts';

export interface PublishOptions extends RegistryOptions {
  readonly onlineKey?: string[];
  readonly passphraseFile?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** With the online keys at hand. */
export async function publishHere(
  event: SigningEvent,
  { place, published }: EventRegistry,
  options: PublishOptions,
  now: Instant,
): Promise<void> {
  const { onlineKey, passphraseFile, dryRun = false, json = false } = options;
  if (place === undefined)
    throw new UsageError('Name the registry: --registry ADDRESS, or SYMBOLON_REGISTRY.');
  if (place.store === undefined) {
    throw new UsageError(
      'This registry is read only: name its function with --publish-url, or its bucket or folder.',
    );
  }
  if (onlineKey === undefined) throw new UsageError('Give --online-key, or --publish-url.');
  const signers = await signersAt(onlineKey, passphrases(passphraseFile));
  const progress = countLine('publishing file');
  const all = event.targets.size + event.roles.size + 2;
  const publication = await publishEvent(event, {
    store: counted(place.store, (written) => progress.update(written, all)),
    signers,
    open: async () => (await openPublished(options, event, now)).published,
    now,
    dryRun,
  })
    .catch(hintAtOnlineKey)
    .finally(progress.done);
  tellPublication({ publication, isFirst: published === undefined, dryRun, json });
}

/** Enough admins have signed, so what too few keys signed is snapshot or timestamp. */
function hintAtOnlineKey(error: unknown): never {
  if (isSymbolonError(error) && error.code === 'metadata-signatures') {
    throw new UsageError(
      'The key given with --online-key may not sign snapshot and timestamp: see "symbolon registry status". Nothing was published.',
    );
  }
  throw error;
}

/** By the function that has the online keys. */
export async function publishByFunction(
  event: SigningEvent,
  { published }: EventRegistry,
  { publishUrl, dryRun, json }: PublishOptions & { readonly publishUrl: string },
): Promise<void> {
  if (published === undefined) {
    throw new UsageError(
      'The first publication goes to a bucket or a folder, with --registry and --online-key.',
    );
  }
  if (dryRun)
    return print('It would be given to the function, which publishes it. Nothing was sent (--dry-run).');
  const version = await postEvent(event, publishUrl);
  if (json) printJson({ published: true, version });
  else print(`Published: the registry has version ${version}.`);
}
