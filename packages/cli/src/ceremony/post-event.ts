import { fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { eventFiles } from '@symbolon/registry/ceremony/event/event-files';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import * as z from 'zod/mini';
import { postJson } from '../wallet/post-json.ts';

const Published = z.object({ snapshotVersion: z.int().check(z.gte(1)) });

/**
 * Gives an event to the function `registry-publish`, which checks it as this machine does, and signs snapshot and timestamp. What enough admins signed
 * needs no other permission.
 *
 * @returns the version of the registry that has it
 * @throws SymbolonError the function's own code; `request-too-large`; `metadata-unreachable`
 */
export async function postEvent(event: SigningEvent, url: string): Promise<number> {
  const files = Object.fromEntries([...eventFiles(event)].map(([path, bytes]) => [path, fromUtf8(bytes)]));
  const size = JSON.stringify({ files }).length;
  if (size > LIMITS.publicationBytes) {
    throw new SymbolonError('request-too-large', { bound: LIMITS.publicationBytes });
  }
  const { snapshotVersion } = await postJson(Published, `${url}/publications`, { files });
  return snapshotVersion;
}
