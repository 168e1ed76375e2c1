import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signStatement } from '@symbolon/issuer/statement';
import { openKeyFile } from '@symbolon/keys/key-file';
import { generatePrivateKey, publicPart } from '@symbolon/keys/private-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import type { Instant } from '@symbolon/protocol/instant';
import { importJWK, SignJWT } from 'jose';

export interface ClientSettings {
  /** Of the region's API: `http://127.0.0.1:8765/cn-bj`. */
  readonly endpoint: string;
  /** The region's issuer URL. */
  readonly issuer: string;
  readonly region: string;
  readonly tokenEndpoint: string;
  /** The data folder of the local network, which has everyone's keys. */
  readonly folder: string;
  readonly now: () => Instant;
}

/** What was answered: a refusal has `code`. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface BatchContent {
  readonly id: string;
  readonly source: string;
  readonly scheme: string;
  readonly facts?: readonly object[];
  readonly retracts?: readonly object[];
}

/** A region's API as its operators, sources and wallets use it, over HTTP. */
export interface IssuerClient {
  post(path: string, body: object, bearer?: string): Promise<Answer>;
  /** An access token by the operator's own key. */
  token(operator: string, role: string): Promise<string>;
  signer(name: string): Promise<Signer>;
  enrol(card: string): Promise<{ subject: string; code: string }>;
  report(batch: BatchContent): Promise<Answer>;
  /** Asks for so many credentials, each for a new key. */
  request(code: string, scheme: string, count: number, format?: string): Promise<Answer>;
}

export function issuerClient(settings: ClientSettings): IssuerClient {
  const { endpoint, issuer, region, tokenEndpoint, folder, now } = settings;
  const signers = new Map<string, Promise<Signer>>();
  const signer = (name: string) => {
    const known = signers.get(name) ?? openSigner(folder, name);
    signers.set(name, known);
    return known;
  };
  const post: IssuerClient['post'] = async (path, body, bearer) => {
    const response = await fetch(`${endpoint}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const token: IssuerClient['token'] = async (operator, role) => {
    const by = await signer(`${region}.${operator}`);
    const assertion = await new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: by.kid })
      .setIssuer(by.kid)
      .setSubject(by.kid)
      .setAudience(tokenEndpoint)
      .setIssuedAt(now())
      .setExpirationTime(now() + 60)
      .sign(await privateKey(folder, `${region}.${operator}`));
    const response = await fetch(tokenEndpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
        resource: issuer,
        scope: role,
      }),
    });
    const { access_token: text } = (await response.json()) as { access_token?: string };
    if (text === undefined) throw new Error(`no token: ${response.status}`);
    return text;
  };
  return {
    post,
    token,
    signer,
    enrol: async (card) => {
      const body = { identifiers: [{ kind: 'identity-card', value: card }] };
      const answer = await post('/subjects', body, await token('operator-1', 'enrol'));
      return { subject: String(answer.body['subject']), code: String(answer.body['code']) };
    },
    report: async ({ id, source, scheme, facts = [], retracts = [] }) => {
      const claims = { iss: source, aud: issuer, iat: now(), jti: id, scheme, facts, retracts };
      const batch = await signStatement('facts', claims, await signer(`${region}.source-${source}`));
      return post('/facts', { batch }, await token('operator-1', 'facts'));
    },
    request: async (code, scheme, count, format = 'dc+sd-jwt') => {
      const { nonce } = (await post('/nonce', {})).body;
      const jwt = await Promise.all(Array.from({ length: count }, () => proof(issuer, nonce, now())));
      return post('/credentials', { scheme, format, proofs: { jwt } }, code);
    },
  };
}

async function openSigner(folder: string, name: string): Promise<Signer> {
  return createLocalSigner(await keyIn(folder, name));
}

async function privateKey(folder: string, name: string) {
  return importJWK({ ...(await keyIn(folder, name)) }, 'ES256');
}

async function keyIn(folder: string, name: string) {
  const passphrase = (await readFile(join(folder, 'secrets', 'passphrase'), 'utf8')).trim();
  return openKeyFile(await readFile(join(folder, 'keys', `${name}.jwe`), 'utf8'), passphrase);
}

async function proof(issuer: string, nonce: unknown, now: Instant): Promise<string> {
  const key = await generatePrivateKey('ES256');
  return new SignJWT({ nonce })
    .setProtectedHeader({ alg: 'ES256', typ: 'openid4vci-proof+jwt', jwk: { ...publicPart(key) } })
    .setAudience(issuer)
    .setIssuedAt(now)
    .sign(await importJWK({ ...key }, 'ES256'));
}
