import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { readAtMost } from '../read-stream.ts';
import type { Repository } from './ports.ts';

const TIMEOUT_MS = 10_000;
/** Servers of static files answer 403 for a missing one when listing is not allowed. */
const ABSENT: readonly number[] = [403, 404, 410];

export interface HttpRepository {
  /** Without a slash at its end: `https://registry.example`. */
  readonly baseUrl: string;
  /** For one file, from the request to its last byte: a slow server is an unreachable one. */
  readonly timeoutMs?: number;
}

/** A repository over the global `fetch`, with a bound on length and time. */
export function httpRepository({ baseUrl, timeoutMs = TIMEOUT_MS }: HttpRepository): Repository {
  return {
    fetch: async (path, maxBytes) => {
      try {
        const response = await fetch(`${baseUrl}/${path}`, {
          signal: AbortSignal.timeout(timeoutMs),
          credentials: 'omit',
          cache: 'no-cache',
          // Where a file is, the registry or the region says, and not whoever answers: a redirect could lead inside a network.
          redirect: 'error',
        });
        if (ABSENT.includes(response.status)) {
          await response.body?.cancel();
          return undefined;
        }
        if (!response.ok) throw new SymbolonError('metadata-unreachable');
        if (response.body === null) return new Uint8Array();
        // REQ-REG-003: an endless file is cut off, not stored.
        return await readAtMost(response.body, maxBytes, 'metadata-too-large');
      } catch (cause) {
        if (isSymbolonError(cause)) throw cause;
        throw new SymbolonError('metadata-unreachable', { cause });
      }
    },
  };
}
