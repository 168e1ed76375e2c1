import { readFile } from 'node:fs/promises';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { defaultPolicy } from '@symbolon/verifier/default-policy';
import { readPolicy } from '@symbolon/verifier/policy';
import type { Trust } from '@symbolon/verifier/trust';

/**
 * The policy in a file, or without one: a favourable level of the scheme that is shown, for the scheme's first purpose, as the region given (or
 * else the issuer's) counts it.
 *
 * @throws SymbolonError `policy-malformed`
 */
export async function policyOption(
  file: string | undefined,
  region: string | undefined,
  presentation: string,
  trust: Trust,
): Promise<Policy> {
  if (file === undefined) return defaultPolicy(presentation, trust, region);
  const text = await readFile(file, 'utf8').catch(() => {
    throw new SymbolonError('policy-malformed', { path: '(file)' });
  });
  try {
    return readPolicy(parseStrictJson(text));
  } catch (error) {
    if (error instanceof SymbolonError && error.code === 'policy-malformed') throw error;
    throw new SymbolonError('policy-malformed', { path: '(file)' });
  }
}
