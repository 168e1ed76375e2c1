import { IN_PERSON_AUDIENCE, type StatusClaims, windowNonce } from '@symbolon/credential/model';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { bindSdJwt } from '@symbolon/credential/sd-jwt/key-binding';
import { packVenueCode, type VenueClaims, writeVenueCode } from '@symbolon/credential/venue-code';
import { sha256Hex } from '@symbolon/keys/digest';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import type { Signer } from '@symbolon/keys/signer';
import { sampleIssuer } from '@symbolon/local/sample/regions';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, hourFloor, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { RegionKeys } from '@symbolon/protocol/schemas/region';
import { openDraft } from '@symbolon/registry/ceremony/draft';
import { publish } from '@symbolon/registry/ceremony/publish';
import { seal } from '@symbolon/registry/ceremony/seal';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { jsonFile } from '@symbolon/registry/json-file';
import type { MemoryStore } from '@symbolon/registry/memory-store';
import { issueStatusListToken } from '@symbolon/status/issue';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { httpFunction } from '../runtime/http-function.ts';
import { writeTrustBundle } from '../runtime/trust-bundle.ts';
import type { FindBundle } from '../verifier-api/bundle-source.ts';
import type { VerifierApi } from '../verifier-api/dependencies.ts';
import { ROUTES } from '../verifier-api/handler.ts';
import { policyReader } from '../verifier-api/policy-reader.ts';
import { trustMemory } from '../verifier-api/trust-memory.ts';
import { trustSource } from '../verifier-api/trust-source.ts';
import { foundedRegistry, resignRegistry } from './founded-registry.ts';
import { seeded } from './hub.ts';
import type { Answer } from './issuer-desk.ts';
import type { LogLine } from './log-lines.ts';

export const NOW = parseInstant('2026-09-07T08:20:30Z');
export const HOUR = hourFloor(NOW);
const ISSUER = sampleIssuer('CN-BJ');
const LIST_ID = '500000';
export const LIST = `${ISSUER}/lists/${LIST_ID}`;
export const REFRESH_SECONDS = 300;

export const POLICY = {
  region: 'CN-GD',
  purpose: 'venue-entry',
  schemes: ['health'],
  accept: 'health.level == "green"',
} as const;

/** The sample registry with a status list of Beijing, whose entries 0 to 3 hold the four values, in a bundle. */
export interface PublishedBundle {
  readonly root: Bytes;
  readonly rootSha256: string;
  readonly store: MemoryStore;
  bundle(): Bytes;
  /** What the hub does later: says that it is still current, and gathers anew. */
  renew(now: Instant): Promise<void>;
}

export async function publishedBundle(now: Instant = NOW): Promise<PublishedBundle> {
  const { root, store } = await foundedRegistry(now);
  await publishVenueKey(store, root, now);
  const signer = await seeded('CN-BJ status');
  const gather = async (at: Instant) => {
    const token = await issueStatusListToken({
      uri: LIST,
      entries: Uint8Array.of(0, 1, 2, 3),
      bits: 2,
      issuedAt: at,
      expiresAt: addHours(at, 96),
      ttlSeconds: 300,
      signer,
    });
    const listsOf = async ({ region }: { readonly region: string }) =>
      new Map(region === 'CN-BJ' ? [[LIST_ID, token]] : []);
    await writeTrustBundle(store, root, { listsOf }, at);
  };
  await gather(now);
  return {
    root,
    rootSha256: sha256Hex(root),
    store,
    bundle: () => store.files.get('trust.bundle') ?? missing(),
    renew: async (at) => {
      await resignRegistry(store, root, at);
      await gather(at);
    },
  };
}

/** Guangdong names a key for the codes of its venues, beside its first two. */
async function publishVenueKey(store: MemoryStore, root: Bytes, now: Instant): Promise<void> {
  const draft = await openDraft({ read: store.files, pinnedRoot: root, now });
  const keys = draft.base?.view.regions['CN-GD']?.keys ?? missing();
  const { kid, alg, publicJwk: jwk } = await seeded('CN-GD venue');
  const notBefore = addHours(hourFloor(now), -1);
  const venue = { kid, use: 'venue' as const, alg, jwk, notBefore, notAfter: addHours(notBefore, 168) };
  const file = jsonFile(z.encode(RegionKeys, { region: 'CN-GD', keys: [...keys, venue] }));
  const put = new Map([['regions/CN-GD/keys.json', file]]);
  const signed = await updateRole(draft, { role: 'CN-GD.keys', put }, [await seeded('CN-GD keys')], now);
  const online = [await seeded('online')];
  await publish(store, await seal(signed, { snapshot: online, timestamp: online }, now, 'Venue codes'));
}

/** What Guangdong signs for its station. */
export async function venueCode(changes: Partial<VenueClaims> = {}): Promise<string> {
  const claims: VenueClaims = {
    iss: sampleIssuer('CN-GD'),
    venue: 'station',
    purpose: 'venue-entry',
    schemes: ['health'],
    accept: 'health.level == "green"',
    onContested: 'referred',
    onBearer: 'refused',
    nonce: VENUE.nonce,
    iat: HOUR,
    exp: addHours(HOUR, 24),
    ...changes,
  };
  return packVenueCode(await writeVenueCode(claims, await seeded('CN-GD venue')));
}
/** What a wallet answers to it. */
export const VENUE = { audience: 'urn:symbolon:venue:CN-GD:station', nonce: 'AAECAwQFBgcICQoLDA0ODw' };

function missing(): never {
  throw new SymbolonError('metadata-missing');
}

/** Finds what lies there now, as a server with ETags does; counts what it sends. */
export function servedBundle(bytes: () => Bytes): { readonly find: FindBundle; readonly sent: () => number } {
  let sent = 0;
  const find: FindBundle = async (etag) => {
    const current = bytes();
    const digest = sha256Hex(current);
    if (digest === etag) return { bytes: undefined, etag };
    sent++;
    return { bytes: current, etag: digest };
  };
  return { find, sent: () => sent };
}

/** One instance of the function: what a cold start makes. */
export interface VerifierInstance {
  now: Instant;
  readonly lines: LogLine[];
  api: VerifierApi;
  call(path: string, body?: unknown, type?: string): Promise<Answer>;
}

export function startVerifier(
  find: FindBundle,
  kept: MemoryStore,
  rootSha256: string,
  now: Instant = NOW,
): VerifierInstance {
  const lines: LogLine[] = [];
  const log: VerifierApi['log'] = (event, fields) => lines.push({ event, fields });
  const instance: VerifierInstance = {
    now,
    lines,
    api: {
      trust: trustSource({
        find,
        memory: trustMemory(kept),
        rootSha256,
        refreshSeconds: REFRESH_SECONDS,
        log,
      }),
      readPolicy: policyReader(),
      clock: () => instance.now,
      log,
    },
    call: (path, body, type = 'application/json') => called(instance.api, path, body, type),
  };
  return instance;
}

async function called(api: VerifierApi, path: string, body: unknown, type: string): Promise<Answer> {
  const method = body === undefined ? 'GET' : 'POST';
  const event: unknown = {
    version: '2.0',
    rawPath: path,
    rawQueryString: '',
    headers: { 'Content-Type': type },
    requestContext: { http: { method, path } },
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
  const context = { getRemainingTimeInMillis: () => 10_000 } as Context;
  const answer = await httpFunction(
    api.log,
    async () => api,
    ROUTES,
  )(event as APIGatewayProxyEventV2, context);
  const { statusCode = 0, headers = {}, body: text = '' } = answer;
  return { status: statusCode, headers, body: JSON.parse(text), text };
}

const holder = await seeded('a holder');

/** Today's health status of someone in Beijing; entry 0 of the list. */
export const CLAIMS: StatusClaims = {
  scheme: 'health',
  major: 1,
  level: 'green',
  rule: 'clear@1',
  authority: 'cdc',
  assurance: 'standard',
  issuedAt: HOUR,
  expiresAt: addHours(HOUR, 24),
  statusEntry: { idx: 0, uri: LIST },
  holderKey: holder.publicJwk,
  bearer: false,
  contested: false,
};
const { statusEntry: _entry, ...unlisted } = CLAIMS;
const { holderKey: _key, ...keyless } = unlisted;
export const CARD: StatusClaims = { ...keyless, expiresAt: addHours(HOUR, 6), bearer: true };
export const TESTED: StatusClaims = {
  ...unlisted,
  expiresAt: addHours(HOUR, 6),
  scheme: 'test',
  level: 'negative',
  rule: 'test-negative-3d@1',
  sampledAt: addHours(HOUR, -20),
};

export async function mint(claims: StatusClaims = CLAIMS, signer?: Signer): Promise<string> {
  return issueSdJwt({
    issuer: ISSUER,
    claims,
    details: { reason: 'No adverse fact is known', evidence: 'no-adverse-fact' },
    signer: signer ?? (await seeded('CN-BJ credential')),
    random: insecureRandomFromSeed('verifier world'),
  });
}

export interface Showing {
  readonly at?: Instant;
  readonly audience?: string;
  readonly nonce?: string;
}

export async function show(
  claims: StatusClaims = CLAIMS,
  { at = NOW, audience = IN_PERSON_AUDIENCE, nonce = windowNonce(at) }: Showing = {},
): Promise<string> {
  return bindSdJwt({ sdJwt: await mint(claims), audience, nonce, now: at, holder });
}
