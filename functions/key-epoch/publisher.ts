import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { isCode } from '@symbolon/protocol/codes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { isJsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import { eventFiles } from '@symbolon/registry/ceremony/event/event-files';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';

/** Port: whoever publishes what a threshold has signed. */
export interface Publisher {
  /**
   * Publishes a signed event. Doing it again changes nothing.
   *
   * @returns the HTTP status: 201, or 200 when it was published already
   * @throws SymbolonError the code that the registry refused it with; `metadata-unreachable` when there was no answer to go by
   */
  publish(event: SigningEvent): Promise<number>;
}

const TIMEOUT_MILLISECONDS = 30_000;

export function httpPublisher(baseUrl: string): Publisher {
  return {
    publish: async (event) => {
      const body = requestOf(event);
      if (utf8(body).length > LIMITS.publicationBytes)
        throw new SymbolonError('request-too-large', { bound: LIMITS.publicationBytes });
      try {
        const response = await fetch(`${baseUrl}/publications`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
          redirect: 'error',
          signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
        });
        if (response.ok) return response.status;
        throw new SymbolonError(codeOf(await response.text()) ?? 'metadata-unreachable');
      } catch (cause) {
        if (cause instanceof SymbolonError) throw cause;
        throw new SymbolonError('metadata-unreachable', { cause });
      }
    },
  };
}

function requestOf(event: SigningEvent): string {
  const files = [...eventFiles(event)].map(([path, bytes]) => [path, fromUtf8(bytes)] as const);
  return JSON.stringify({ files: Object.fromEntries(files) });
}

/** `code` of problem details (RFC 9457), when it is one of ours. */
function codeOf(text: string) {
  try {
    const problem = parseStrictJson(text);
    const code = isJsonObject(problem) ? problem['code'] : undefined;
    return typeof code === 'string' && isCode(code) ? code : undefined;
  } catch {
    return undefined;
  }
}
