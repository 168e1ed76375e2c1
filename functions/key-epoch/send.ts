import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { KeyEpoch } from './dependencies.ts';
import type { LastSigned } from './signing-memory.ts';

/** What may be otherwise in an hour. Every other refusal says that this very event will not be published any more. */
const PASSING: readonly Code[] = ['metadata-unreachable', 'storage-failed', 'clock', 'internal-error'];

/** Sends what was signed and kept. Its keys are marked first: from here on others may have seen them. */
export async function send(
  { keys, publisher, log }: KeyEpoch,
  { event, keys: newKeys }: Pick<LastSigned, 'event' | 'keys'>,
): Promise<void> {
  for (const { use, kid } of newKeys) await keys.markPublished(use, kid);
  log('keys.published', { status: await publisher.publish(event) });
}

/**
 * Sends again what an earlier run signed and the registry does not show. Another file of that version is not signed: with both, whoever runs the hub
 * could tell two histories.
 *
 * @throws SymbolonError `version-signed` when it is refused for good: people publish a version by hand, and the run after that goes on from there
 */
export async function sendAgain(world: KeyEpoch, last: LastSigned): Promise<void> {
  const { log, region } = world;
  log('keys.sent-again', { version: last.version });
  try {
    await send(world, last);
  } catch (error) {
    if (!isSymbolonError(error) || PASSING.includes(error.code)) throw error;
    log('keys.refused', { code: error.code });
    // REQ-CER-015
    throw new SymbolonError('version-signed', { path: `${region}.keys`, cause: error });
  }
}
