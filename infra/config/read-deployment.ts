import { readFileSync } from 'node:fs';
import { SymbolonError } from '@symbolon/protocol/errors';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { Deployment } from './deployment.ts';

/**
 * Reads a deployment's configuration.
 *
 * @throws SymbolonError `configuration-malformed`, naming every bad path at once, never a value; what the strict JSON parser throws
 */
export function readDeployment(file: string | URL): Deployment {
  return parseDeployment(parseStrictJson(readFileSync(file, 'utf8')));
}

/** @throws SymbolonError `configuration-malformed`, naming every bad path at once, never a value */
export function parseDeployment(value: unknown): Deployment {
  const result = z.safeParse(Deployment, value);
  if (result.success) return result.data;
  const paths = new Set(result.error.issues.flatMap(pathsOf));
  throw new SymbolonError('configuration-malformed', { path: [...paths].join(', ') });
}

/** A name that is too much is told by its own path: it is most often a slip of the pen. */
function pathsOf(issue: z.core.$ZodIssue): string[] {
  const ends = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [key]) : [[]];
  return ends.map((end) => [...issue.path, ...end].map(String).join('.') || '(root)');
}
