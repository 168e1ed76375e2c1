import { readFile } from 'node:fs/promises';
import { type Instant, instant } from '@symbolon/protocol/instant';
import { fileCache } from '@symbolon/registry/file-cache';
import { httpRepository } from '@symbolon/registry/http-repository';
import { fetchTarget } from '@symbolon/registry/tuf-client/fetch-target';
import { type UpdatedMetadata, updateMetadata } from '@symbolon/registry/tuf-client/update-metadata';
import { type Download, type Init, type Refresh, usageError } from './arguments.ts';
import { areSeparate } from './separate-folders.ts';

/** Makes a root the trust anchor. It is checked with the first `refresh`; nothing is asked of the repository here. */
export async function init({ metadataDir, trustedRoot }: Init): Promise<void> {
  await fileCache(metadataDir).write('root.json', new Uint8Array(await readFile(trustedRoot)));
}

export async function refresh(command: Refresh): Promise<void> {
  await update(command);
}

/**
 * Brings the metadata up to date, then fetches targets in the order given. The first that fails ends it.
 *
 * REQ-REG-001: a target may have any name, so targets never lie where the anchor does.
 */
export async function download(command: Download): Promise<void> {
  if (!(await areSeparate(command.metadataDir, command.targetDir))) {
    throw usageError('--target-dir and --metadata-dir must be two folders, neither within the other');
  }
  const metadata = await update(command);
  const repository = repositoryAt(command.targetBaseUrl);
  const kept = fileCache(command.targetDir);
  for (const path of command.targetNames) await fetchTarget(metadata, { path, repository, kept });
}

function update({
  metadataDir,
  metadataUrl,
}: Pick<Refresh, 'metadataDir' | 'metadataUrl'>): Promise<UpdatedMetadata> {
  return updateMetadata({
    repository: repositoryAt(metadataUrl),
    store: fileCache(metadataDir),
    now: systemNow(),
  });
}

function repositoryAt(url: string) {
  return httpRepository({ baseUrl: url.replace(/\/+$/, '') });
}

/** Read once per command, at the edge (TUF 1.0, section 5.1). */
function systemNow(): Instant {
  return instant(Math.floor(Date.now() / 1000));
}
