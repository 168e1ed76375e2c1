import type { Instant } from '@symbolon/protocol/instant';
import type { Json, JsonObject } from '@symbolon/protocol/strict-json';
import { checkCredential } from './credential.ts';
import { ISSUER_NAMES, type Issuer, type IssuerName } from './issuers.ts';
import type { StatusList } from './status-list.ts';
import { listOf } from './values.ts';
import type { Verifier } from './verify.ts';

export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** One way to the server. A POST is given the object in its body. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** @throws Refusal, SymbolonError: both answer 400 */
  run(body: JsonObject, now: Instant): Promise<Answer>;
}

export interface Parts {
  readonly issuers: Readonly<Record<IssuerName, Issuer>>;
  readonly list: StatusList;
  readonly listPath: string;
  readonly verifier: Verifier;
}

/** VC-API, as far as W3C's suites use it. */
export function routesOf({ issuers, list, listPath, verifier }: Parts): readonly Route[] {
  return [
    ...ISSUER_NAMES.flatMap((name) => issuerRoutes(name, issuers[name], list)),
    {
      method: 'GET',
      path: listPath,
      run: async (_, now) => ({ status: 200, body: await list.credential(now) }),
    },
    {
      method: 'POST',
      path: '/credentials/verify',
      run: async ({ verifiableCredential, options }, now) => {
        await verifier.verifyCredential(verifiableCredential, options, now);
        return { status: 200, body: { verified: true } };
      },
    },
    {
      method: 'POST',
      path: '/presentations/verify',
      run: async ({ verifiablePresentation, options }, now) => {
        await verifier.verifyPresentation(verifiablePresentation, options, now);
        return { status: 200, body: { verified: true } };
      },
    },
  ];
}

function issuerRoutes(name: IssuerName, issuer: Issuer, list: StatusList): Route[] {
  return [
    {
      method: 'GET',
      path: `/issuers/${name}`,
      run: async () => ({ status: 200, body: { id: issuer.did } }),
    },
    {
      method: 'POST',
      path: `/issuers/${name}/credentials/issue`,
      run: async ({ credential }, now) => {
        const listed = name === 'bsl' ? withStatus(credential, list) : credential;
        return { status: 201, body: { verifiableCredential: await issuer.issue(listed, now) } };
      },
    },
  ];
}

/** Beside the status that it may have. @throws Refusal */
function withStatus(credential: Json | undefined, list: StatusList): Json {
  const { document } = checkCredential(credential);
  const own = document['credentialStatus'];
  const entry = list.allocate();
  return { ...document, credentialStatus: own === undefined ? entry : [...listOf<Json>(own), entry] };
}
