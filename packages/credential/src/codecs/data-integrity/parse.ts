import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { isJsonObject, type Json, type JsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import type { StatusClaims } from '../../model/status-claims.ts';
import { readCredential } from './claims.ts';
import { CREDENTIALS_V2, STATUS_V1 } from './context-urls.ts';
import { Credential } from './documents.ts';
import { type IssuerProof, readIssuerProof } from './issuer-proof.ts';
import { credentialsOf, type ParsedPresentation, readPresentation } from './presentation.ts';

/**
 * A status credential in JSON-LD as it was read. **Nothing is verified**: anyone could have written it.
 *
 * `verifyDataIntegrity` checks it with the key that the registry has for (`issuer`, `kid`), whose algorithm must be `alg`;
 * `verifyDataIntegrityBinding` checks the presentation, where there is one. Audience, nonce and time of that are to be compared
 * with those expected. A credential with a holder key and no presentation proves nothing.
 */
export interface ParsedDataIntegrity extends IssuerProof {
  /** The did of the issuing region. */
  readonly issuer: string;
  readonly claims: StatusClaims;
  /** The credential with its proof, as it was read. */
  readonly credential: JsonObject;
  readonly presentation?: ParsedPresentation;
  /** What makes this showing unique: everything that was shown but the outermost signature, in one form. */
  readonly identity: string;
}

/**
 * Reads a credential, or a presentation of exactly one.
 *
 * @throws SymbolonError what `parseDataIntegrityShown` throws; `binding-malformed` for a presentation of several
 */
export function parseDataIntegrity(text: string): ParsedDataIntegrity {
  const [parsed, ...more] = parseDataIntegrityShown(text);
  if (parsed === undefined || more.length > 0) throw new SymbolonError('binding-malformed');
  return parsed;
}

/**
 * Reads a credential, or a presentation of up to `LIMITS.shownTogether` of one holder, of the one shape that Symbolon writes.
 *
 * @returns what is shown, in its order; one at least. All of them share `presentation` and `identity`
 * @throws SymbolonError `presentation-too-large`, `json-*`, `presentation-unrecognised`, `context-unbundled`,
 *   `type-unexpected`, `claims-malformed`, `proof-malformed`, `binding-malformed`
 */
export function parseDataIntegrityShown(text: string): readonly ParsedDataIntegrity[] {
  if (text.length > LIMITS.presentationBytes) {
    throw new SymbolonError('presentation-too-large', { bound: LIMITS.presentationBytes });
  }
  const document = parseStrictJson(text);
  if (!isJsonObject(document)) throw new SymbolonError('presentation-unrecognised');
  requireBundledContexts(document);
  if (!hasType(document, 'VerifiablePresentation')) {
    return [{ ...parseCredential(document), identity: identityOf(document) }];
  }
  const shown = credentialsOf(document).map((credential) => {
    requireBundledContexts(credential);
    const parsed = parseCredential(credential);
    return { ...parsed, presentation: readPresentation(document, parsed.claims.holderKey) };
  });
  // Of what was held to its schema only: another document may have no canonical form.
  const identity = identityOf(document);
  return shown.map((each) => ({ ...each, identity }));
}

function parseCredential(credential: JsonObject): Omit<ParsedDataIntegrity, 'presentation' | 'identity'> {
  if (!hasType(credential, 'StatusCredential')) throw new SymbolonError('type-unexpected');
  const { proof, ...rest } = credential;
  const document = check(Credential, rest, 'claims-malformed');
  const secured = readIssuerProof(proof, document, 'proof-malformed');
  return { issuer: document.issuer, ...secured, claims: readCredential(document), credential };
}

/** REQ-DEC-024: contexts by the URLs that are bundled, never inline and never fetched. */
function requireBundledContexts(document: JsonObject): void {
  const contexts = document['@context'];
  if (contexts === undefined) throw new SymbolonError('presentation-unrecognised');
  const list: readonly Json[] = Array.isArray(contexts) ? contexts : [contexts];
  if (!list.every((context) => context === CREDENTIALS_V2 || context === STATUS_V1)) {
    throw new SymbolonError('context-unbundled');
  }
}

function hasType(document: JsonObject, type: string): boolean {
  const types = document['type'];
  return Array.isArray(types) && types.includes(type);
}

/**
 * Whoever has a signature can make a second one of it (ECDSA), so the outermost is left out. And whoever has a presentation can put its credentials in another
 * order: to JSON-LD they are a set, so the proof holds for each order (REQ-BND-010).
 */
function identityOf(document: JsonObject): string {
  const { proof, verifiableCredential: shown, ...rest } = document;
  const { proofValue: _, ...signed } = isJsonObject(proof) ? proof : {};
  const set = Array.isArray(shown) && { verifiableCredential: shown.map(canonicalJson).toSorted() };
  return canonicalJson({ ...rest, ...set, proof: signed });
}
