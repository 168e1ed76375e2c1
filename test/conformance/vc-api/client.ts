import { once } from 'node:events';
import { request } from 'node:https';
import { isJsonObject, type Json, type JsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import type { ConformanceServer } from './server.ts';

export interface Reply {
  readonly status: number | undefined;
  readonly body: JsonObject;
}

/** Over TLS, with the server's certificate as the only one that is trusted. */
export async function call(
  { url, cert }: Pick<ConformanceServer, 'url' | 'cert'>,
  method: string,
  path: string,
  body?: Json | Uint8Array,
): Promise<Reply> {
  const sent = request(`${url}${path}`, {
    method,
    ca: cert,
    agent: false,
    headers: { 'content-type': 'application/json' },
  });
  sent.end(body === undefined || body instanceof Uint8Array ? body : JSON.stringify(body));
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const value = parseStrictJson(text);
  if (!isJsonObject(value)) throw new TypeError('the answer is no object');
  return { status: response.statusCode, body: value };
}

/** What a reply of 400 says is wrong: the problem of W3C, and the sentence. */
export function problemOf({ body }: Reply): readonly [string | undefined, Json | undefined] {
  const [problem] = Array.isArray(body['problemDetails']) ? body['problemDetails'] : [];
  if (!isJsonObject(problem)) return [undefined, undefined];
  return [String(problem['type']).split('#')[1], problem['detail']];
}

/** @throws TypeError when there is none */
export function credentialIn({ body }: Reply): JsonObject {
  const { verifiableCredential } = body;
  if (!isJsonObject(verifiableCredential)) throw new TypeError('nothing was issued');
  return verifiableCredential;
}
