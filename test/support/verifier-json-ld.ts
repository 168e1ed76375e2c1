import { signPresentation } from '@digitalbazaar/vc';
import { issueDataIntegrity, presentDataIntegrity } from '@symbolon/credential/data-integrity';
import { loaderFor } from '@symbolon/credential/data-integrity/contexts';
import { signingSuite } from '@symbolon/credential/data-integrity/suites';
import { IN_PERSON_AUDIENCE, type StatusClaims, windowNonce } from '@symbolon/credential/model';
import { didKeyOf, multikeyOf } from '@symbolon/keys/multikey';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import type { Signer } from '@symbolon/keys/signer';
import type { Instant } from '@symbolon/protocol/instant';
import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';
import { NOW } from './verifier-federation.ts';
import { holder, UNLISTED } from './verifier-showings.ts';

/** JSON-LD credentials and presentations in the stories on the verifier, and what a forger makes of them. */

export const DID = 'did:web:cn-bj.symbolon.test';

/** A credential in Beijing's name. */
export function mintJsonLd(
  signer: Signer,
  claims: StatusClaims = UNLISTED,
  did: string = DID,
): Promise<string> {
  const random = insecureRandomFromSeed('json-ld');
  return issueDataIntegrity({ did, kid: signer.kid, claims, signer, random });
}

/** As a wallet shows it, face to face, now. */
export function presentJsonLd(
  credential: string,
  by: Signer = holder,
  at: Instant = NOW,
  audience: string = IN_PERSON_AUDIENCE,
): Promise<string> {
  return presentDataIntegrity({ credential, audience, nonce: windowNonce(at), now: at, holder: by });
}

/** A presentation that no wallet would make, with a proof by the key of whoever makes it, in that key's own name. */
export async function presentAnything(
  credentials: readonly string[],
  by: Signer,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const presentation = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiablePresentation'],
    holder: didKeyOf(by.publicJwk),
    verifiableCredential: credentials.map((text): Json => JSON.parse(text)),
    ...changes,
  };
  const method = `${didKeyOf(by.publicJwk)}#${multikeyOf(by.publicJwk)}`;
  const signed = await signPresentation({
    presentation,
    suite: signingSuite(by, method, NOW),
    documentLoader: loaderFor({}),
    challenge: windowNonce(NOW),
    domain: IN_PERSON_AUDIENCE,
  });
  return JSON.stringify(signed);
}

/** The document with the value at a dotted path set, or taken out. */
export function changed(text: string, path: string, value: Json | undefined): string {
  const names = path.split('.');
  const set = (at: unknown, depth: number): unknown => {
    const name = names[depth] ?? '';
    if (depth === names.length) return value;
    if (Array.isArray(at)) return at.map((item, i) => (String(i) === name ? set(item, depth + 1) : item));
    if (!isJsonObject(at)) throw new TypeError(`nothing at ${path}`);
    return { ...at, [name]: set(at[name], depth + 1) };
  };
  return JSON.stringify(set(JSON.parse(text), 0));
}

export function objectAt(text: string, name: string): JsonObject {
  const value: Json = JSON.parse(text);
  const found = isJsonObject(value) ? value[name] : undefined;
  if (!isJsonObject(found)) throw new TypeError(`no ${name}`);
  return found;
}
