import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import { codeOf } from './code-of.ts';
import type { Runtime } from './http-function.ts';
import { type RegistryLog, writeRegistryLog } from './registry-log.ts';
import type { PublishedRegistry } from './registry-log-source.ts';

export interface LogRun extends Pick<Runtime, 'clock' | 'log'> {
  readonly registryLog?: RegistryLog | undefined;
  /** What is published now. @throws what `openDraft` throws */
  readonly open: () => Promise<Draft>;
}

/**
 * Logs what is published. What is published is published: when the log cannot be written now, that is said, and the next run does it.
 *
 * @returns why it could not be written; nothing when it was, or when there is no log
 */
export async function runRegistryLog({ registryLog, open, clock, log }: LogRun): Promise<unknown> {
  if (registryLog === undefined) return undefined;
  try {
    const written = await writeRegistryLog(registryLog, async () => publishedIn(await open()), clock());
    if (written !== undefined) log('registry-log.written', written);
    return undefined;
  } catch (error) {
    log('registry-log.postponed', { code: codeOf(error) });
    return error ?? new TypeError();
  }
}

/** @throws SymbolonError `metadata-missing` when nothing is published */
function publishedIn({ base, read }: Draft): PublishedRegistry {
  if (base === undefined) throw new SymbolonError('metadata-missing');
  const { trust, view, files } = base;
  // What is current was read already, and is checked again by whoever reads it.
  return {
    trust,
    view,
    read: async (path, expected): Promise<Bytes | undefined> => files.get(path) ?? read(path, expected),
  };
}
