import { contexts } from '@digitalbazaar/credentials-context';
import { loaderFor } from '@symbolon/credential/data-integrity/contexts';
import type { DocumentLoader } from 'jsonld-signatures';
import dataIntegrityV2 from './contexts/data-integrity-v2.json' with { type: 'json' };
import examplesV2 from './contexts/examples-v2.json' with { type: 'json' };

/** Verifiable Credentials Data Model 2.0, section 4.3, and 1.1. */
export const CREDENTIALS_V2 = 'https://www.w3.org/ns/credentials/v2';
export const CREDENTIALS_V1 = 'https://www.w3.org/2018/credentials/v1';

/** What W3C's suites use, beyond what a verifier of Symbolon knows. */
const DOCUMENTS: Readonly<Record<string, object>> = {
  ...Object.fromEntries(contexts),
  'https://w3id.org/security/data-integrity/v2': dataIntegrityV2,
  'https://www.w3.org/ns/credentials/examples/v2': examplesV2,
};

/**
 * The loader of the test profile: the project's own, which fetches nothing, with W3C's contexts and the given documents.
 *
 * @throws SymbolonError `context-unbundled` (from the loader)
 */
export function testLoader(documents: Readonly<Record<string, object>> = {}): DocumentLoader {
  return loaderFor({ ...DOCUMENTS, ...documents });
}
