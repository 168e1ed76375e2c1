import { isCode } from '@symbolon/protocol/codes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';

const TIMEOUT_MILLISECONDS = 30_000;
const ProblemAnswer = z.object({ code: z.string(), path: z.optional(z.string()) });
/** Names of fields and places in lists: an issuer's words are not shown as they come. */
const PATH = /^[\w.?@:(), -]{1,256}$/;

/**
 * Posts JSON to an issuer and checks the answer. A refusal comes back as the issuer's own code and path (RFC 9457 problem details).
 *
 * @throws SymbolonError
 */
export async function postJson<T extends z.core.$ZodType>(
  schema: T,
  url: string,
  body: unknown,
  bearer?: string,
): Promise<z.output<T>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  }).catch(() => {
    throw new SymbolonError('metadata-unreachable');
  });
  const text = await response.text();
  if (text.length > LIMITS.bundleBytes)
    throw new SymbolonError('request-too-large', { bound: LIMITS.bundleBytes });
  if (response.ok) return check(schema, parseStrictJson(text), 'internal-error');
  throw refusalIn(text);
}

function refusalIn(text: string): SymbolonError {
  try {
    const { code, path } = check(ProblemAnswer, parseStrictJson(text), 'internal-error');
    if (!isCode(code)) return new SymbolonError('internal-error');
    return new SymbolonError(code, path !== undefined && PATH.test(path) ? { path } : {});
  } catch {
    return new SymbolonError('internal-error');
  }
}
