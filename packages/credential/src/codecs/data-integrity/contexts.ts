import { contexts } from '@digitalbazaar/credentials-context';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { DocumentLoader } from 'jsonld-signatures';
import { CREDENTIALS_V2, STATUS_V1 } from './context-urls.ts';
import statusV1 from './contexts/status-v1.json' with { type: 'json' };

const BUNDLED: ReadonlyMap<string, object | undefined> = new Map<string, object | undefined>([
  [CREDENTIALS_V2, contexts.get(CREDENTIALS_V2)],
  [STATUS_V1, statusV1],
]);

/**
 * Loads the bundled contexts and the given documents, and nothing else: no document is ever fetched.
 *
 * @throws SymbolonError `context-unbundled` (from the loader)
 */
export function loaderFor(documents: Readonly<Record<string, object>>): DocumentLoader {
  return async (url) => {
    const context = BUNDLED.get(url);
    if (context !== undefined)
      return { contextUrl: null, documentUrl: url, document: context, tag: 'static' };
    const document = Object.hasOwn(documents, url) ? documents[url] : undefined;
    // REQ-DEC-024
    if (document === undefined) throw new SymbolonError('context-unbundled');
    return { contextUrl: null, documentUrl: url, document };
  };
}
