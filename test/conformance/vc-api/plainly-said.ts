import { cryptosuite } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { testLoader } from './contexts.ts';
import type { CheckedCredential } from './credential.ts';
import { Refusal } from './refusal.ts';

const CREDENTIAL = 'https://www.w3.org/2018/credentials#';
const STATUS = 'https://www.w3.org/ns/credentials/status#';
const TIMES = ['validFrom', 'validUntil', 'issuanceDate', 'expirationDate'];
const STATUS_FIELDS = ['statusPurpose', 'statusListIndex', 'statusListCredential', 'statusSize'];

/** A statement of the default graph, in canonical N-Quads (RDF Dataset Canonicalization 1.0, section 5). */
const STATEMENT = /^(\S+) <([^>]*)> (?:<([^>]*)>|(_:\S+)|"((?:[^"\\]|\\.)*)"\S*) \.$/;

interface Statement {
  readonly subject: string;
  readonly predicate: string;
  readonly object: string;
}

/**
 * Requires that the members which say who issued it, when it is valid and where its status is say all that was signed of that. A proof covers statements and not
 * names: under another name, which an inline context gives or which is the full IRI, an end or a status would be signed as ever, and nobody would look there. Said of
 * anything else in the document (a credential as evidence, say), it is refused as well.
 *
 * @throws Refusal
 */
export async function requirePlainlySaid(credential: CheckedCredential): Promise<void> {
  const { proof: _, ...document } = credential.document;
  const statements = statementsIn(await cryptosuite.canonize(document, { documentLoader: testLoader() }));
  const said = (predicate: string, of?: string) =>
    statements
      .filter((each) => each.predicate === predicate && (of === undefined || each.subject === of))
      .map(({ object }) => object)
      .toSorted();
  requireSame(said(`${CREDENTIAL}issuer`), [credential.issuer], 'issuer');
  for (const name of TIMES) requireSame(said(`${CREDENTIAL}${name}`), textsOf(document[name]), name);
  const signed = said(`${CREDENTIAL}credentialStatus`).map((entry) =>
    STATUS_FIELDS.map((name) => said(`${STATUS}${name}`, entry)),
  );
  const read = credential.statusEntries.map((entry) => STATUS_FIELDS.map((name) => textsOf(entry[name])));
  requireSame(signed.map(asText).toSorted(), read.map(asText).toSorted(), 'credentialStatus');
}

function statementsIn(nQuads: string): readonly Statement[] {
  return nQuads.split('\n').flatMap((line) => {
    const [, subject, predicate, iri, node, literal] = STATEMENT.exec(line) ?? [];
    const object = iri ?? node ?? literal;
    if (subject === undefined || predicate === undefined || object === undefined) return [];
    return [{ subject: subject.replace(/^<|>$/g, ''), predicate, object }];
  });
}

function textsOf(value: unknown): readonly string[] {
  return value === undefined ? [] : [String(value)];
}

function asText(value: unknown): string {
  return JSON.stringify(value);
}

function requireSame(signed: readonly string[], read: readonly string[], name: string): void {
  if (asText(signed) === asText(read)) return;
  throw new Refusal('MALFORMED_VALUE_ERROR', `What was signed is not what is said plainly: ${name}`);
}
