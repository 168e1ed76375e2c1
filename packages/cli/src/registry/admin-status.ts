import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import { rootFile, TIMESTAMP_FILE } from '@symbolon/registry/file-names';
import { type FoundRecord, readPublicationRecord } from '@symbolon/registry/history/publication-record';
import type { LoadedRegistry } from '@symbolon/registry/load-registry';
import type { ReadFile } from '@symbolon/registry/source';
import { ceremonyNow } from '../clock.ts';
import { printRegions } from '../output/region-text.ts';
import { heading, plain, print, printJson } from '../output/terminal.ts';
import { registryPlace } from './place.ts';
import { regionStatus } from './region-status.ts';
import { addressOf, openPlace, type RegistryOptions } from './registry-options.ts';
import { roleStatus } from './role-status.ts';

export interface StatusSource {
  readonly read: ReadFile;
  /** Asked for only when something is published. */
  readonly pinnedRoot: () => Promise<Bytes>;
  readonly now: Instant;
}

/**
 * A registry as its admins see it. Whatever step a publication broke off at, what is told is what clients read: the state before it or after it, and
 * whether something waits to be finished.
 *
 * @throws what `openDraft` throws
 */
export async function statusOf({ read, pinnedRoot, now }: StatusSource) {
  const bound = { maxBytes: LIMITS.metadataBytes };
  if ((await read(TIMESTAMP_FILE, bound)) === undefined) {
    return { published: false as const, unfinished: (await read(rootFile(1), bound)) !== undefined };
  }
  const draft = await openDraft({ read, pinnedRoot: await pinnedRoot(), now });
  const { base } = draft;
  if (base === undefined) throw new SymbolonError('metadata-missing');
  const { view, trust } = base;
  const record = readPublicationRecord(trust.snapshot.raw);
  return {
    published: true as const,
    name: view.federation.names.en,
    version: view.version,
    ...(record?.title !== undefined && { title: record.title }),
    signedAt: formatInstant(view.signedAt),
    unfinished: isUnfinished(draft, base, record),
    roles: roleStatus(base),
    schemes: Object.keys(view.schemes),
    regions: regionStatus(view, now),
    unusable: view.malformedRegions,
  };
}

/** `symbolon registry status --registry` */
export async function adminStatus(options: RegistryOptions & { readonly json?: boolean }): Promise<void> {
  const { read } = await registryPlace(await addressOf(options), true);
  const pinnedRoot = async () => (await openPlace(options)).pinnedRoot;
  const status = await statusOf({ read, pinnedRoot, now: ceremonyNow() });
  if (options.json) return printJson(status);
  if (!status.published) print('Nothing is published here yet.');
  else {
    print(`${heading(plain(status.name))}: version ${status.version}, signed ${status.signedAt}`);
    if (status.title !== undefined) print(`last published: ${plain(status.title)}`);
    print('');
    for (const { role, version, expires, threshold, keys } of status.roles) {
      const until = expires === undefined ? 'not published yet' : `${version} until ${expires}`;
      print(`${role.padEnd(16)} ${until}; ${threshold} of ${keys.join(', ')}`);
    }
    printRegions(status);
  }
  if (status.unfinished) print(`\n${UNFINISHED}`);
}

const UNFINISHED =
  'A publication broke off: run "symbolon registry publish" on its event again, and it goes on.';

/** A new root is there and the rest of its publication is not, or the other way round. */
function isUnfinished(draft: Draft, { trust }: LoadedRegistry, record: FoundRecord | undefined): boolean {
  const { version } = trust.root.signed;
  return draft.trust.root.signed.version > version || (record?.root?.version ?? 0) > version;
}
