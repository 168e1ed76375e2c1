import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { readBundle } from '@symbolon/registry/bundle';
import { type ClientState, furtherAnchor } from '@symbolon/registry/client-state';
import { readFrom } from '@symbolon/registry/source';
import { type OpenedTrust, openTrust } from '@symbolon/verifier/open-trust';
import { codeOf } from '../runtime/code-of.ts';
import type { Log } from '../runtime/log.ts';
import { pinnedRootIn } from '../runtime/pinned-root.ts';
import { whileOvertaken } from '../runtime/write-over.ts';
import type { TrustMemory } from './trust-memory.ts';

/** Instances that renew at once overtake one another so often at most. */
const TRIES = 4;

/** What a bundle is opened by. */
export interface KeptTrust {
  readonly memory: TrustMemory;
  readonly rootSha256: string;
  readonly log: Log;
}

/** Opens a bundle by what this instance and all others have seen, and keeps what is seen now before anyone goes by it. */
export async function openAndKeep(
  source: KeptTrust,
  bundle: Bytes,
  seen: ClientState | undefined,
  now: Instant,
): Promise<OpenedTrust> {
  const { memory } = source;
  const pinnedRoot = await rootOf(bundle, source.rootSha256);
  const opened = await whileOvertaken(TRIES, async () => {
    const kept = await memory.state();
    const state = newerOf(kept?.state, seen);
    const trust = await openTrust({ bundle, pinnedRoot, now, ...(state === undefined ? {} : { state }) });
    await memory.keepState(trust.state, kept);
    return trust;
  });
  await keepCopy(source, bundle, opened.state);
  return opened;
}

/** The copy is a help only: what keeps it from being kept is told, and stops nobody. */
async function keepCopy({ memory, log }: KeptTrust, bundle: Bytes, state: ClientState): Promise<void> {
  try {
    // Whose state is the one that counts must not give way to whoever wrote an older copy just now.
    await whileOvertaken(TRIES, () => memory.keepBundle(bundle, state));
  } catch (error) {
    log('trust.copy-failed', { code: codeOf(error) });
  }
}

/** Nothing, when there is no copy that can be used. Without the state nobody can tell whether it is the newest that was seen. */
export async function openCopy(
  { memory, rootSha256 }: KeptTrust,
  now: Instant,
): Promise<OpenedTrust | undefined> {
  try {
    const [kept, bundle] = [await memory.state(), await memory.bundle()];
    if (kept === undefined || bundle === undefined) return undefined;
    return await openTrust({ bundle, pinnedRoot: await rootOf(bundle, rootSha256), state: kept.state, now });
  } catch {
    // What kept the bundle from being renewed is told, and the copy is a help only.
    return undefined;
  }
}

async function rootOf(bundle: Bytes, sha256: string): Promise<Bytes> {
  return pinnedRootIn(readFrom(await readBundle(bundle)), sha256);
}

export function asOurs(error: unknown): SymbolonError {
  return isSymbolonError(error) ? error : new SymbolonError('internal-error', { cause: error });
}

/** After a key rotation versions may start anew, so the root decides first (TUF 1.0, section 5.3.11). */
function newerOf(a: ClientState | undefined, b: ClientState | undefined): ClientState | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const isFirst =
    a.rootVersion === b.rootVersion
      ? a.timestampVersion >= b.timestampVersion
      : a.rootVersion > b.rootVersion;
  const [newer, other] = isFirst ? [a, b] : [b, a];
  return { ...newer, ...furtherAnchor(newer, other) };
}
