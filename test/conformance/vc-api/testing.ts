import { type Instant, parseInstant } from '@symbolon/protocol/instant';
import type { Json, JsonObject } from '@symbolon/protocol/strict-json';
import { afterAll, beforeAll } from 'vitest';
import { call, credentialIn, type Reply } from './client.ts';
import { CREDENTIALS_V2 } from './contexts.ts';
import { createIssuer, type IssuerName } from './issuers.ts';
import { type ConformanceServer, startServer } from './server.ts';

export const NOW: Instant = parseInstant('2026-11-21T21:00:00Z');
export const NOW_TEXT = '2026-11-21T21:00:00Z';

const didOf = async (name: IssuerName) => (await createIssuer(name)).did;
export const EDDSA = await didOf('eddsa');
export const P256 = await didOf('p256');
export const BSL = await didOf('bsl');

/** A credential that is fit to be issued by `did`. */
export function unsigned(did: string, more: JsonObject = {}): JsonObject {
  return {
    '@context': [CREDENTIALS_V2],
    type: ['VerifiableCredential'],
    issuer: did,
    credentialSubject: { id: 'did:example:subject' },
    ...more,
  };
}

export interface Driver {
  server(): ConformanceServer;
  issue(name: IssuerName, credential: Json): Promise<Reply>;
  /** @throws TypeError unless it was issued */
  issued(name: IssuerName, credential: Json): Promise<JsonObject>;
  verify(verifiableCredential: Json, options?: Json): Promise<Reply>;
  verifyPresentation(verifiablePresentation: Json, options?: Json): Promise<Reply>;
}

/** A server for the tests of a file, whose clock stands at `NOW`. */
export function useServer(): Driver {
  let server: ConformanceServer;
  beforeAll(async () => {
    server = await startServer(0, () => NOW);
  });
  afterAll(() => server.stop());
  const post = (path: string, body: JsonObject) => call(server, 'POST', path, body);
  const issue = (name: IssuerName, credential: Json) =>
    post(`/issuers/${name}/credentials/issue`, { credential });
  return {
    server: () => server,
    issue,
    issued: async (name, credential) => credentialIn(await issue(name, credential)),
    verify: (verifiableCredential, options) => post('/credentials/verify', { verifiableCredential, options }),
    verifyPresentation: (verifiablePresentation, options) =>
      post('/presentations/verify', { verifiablePresentation, options }),
  };
}
