import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { textOf } from '@symbolon/protocol/texts';
import { codeOf } from './code-of.ts';

export type Statuses = Partial<Record<Code, number>>;

/** HTTP status of the codes that a function answers with; every other code is the caller's mistake (400). */
const STATUS: Statuses = {
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'subject-unknown': 404,
  'scheme-unknown': 404,
  'method-not-allowed': 405,
  'no-decision': 409,
  'operator-unknown': 403,
  'same-operator': 403,
  'approval-required': 403,
  'release-refused': 403,
  'source-unknown': 403,
  'proposal-unknown': 404,
  'burst-unknown': 404,
  'batch-unknown': 404,
  'fact-unknown': 404,
  'fact-conflict': 409,
  'batch-conflict': 409,
  'proposal-closed': 409,
  'subject-merged': 409,
  'decision-unlogged': 503,
  'too-many-minted': 429,
  'subject-conflict': 409,
  'decision-conflict': 409,
  'request-too-large': 413,
  'internal-error': 500,
  'minted-check-failed': 500,
  'configuration-malformed': 500,
  'rule-unknown': 500,
  'rule-set-malformed': 500,
  'rule-mutated': 500,
  'expression-malformed': 500,
  'expression-forbidden': 500,
  'expression-failed': 500,
  'root-mismatch': 500,
  'role-overreach': 500,
  'region-malformed': 500,
  'region-expired': 503,
  'metadata-malformed': 500,
  'metadata-signatures': 500,
  'metadata-mismatch': 500,
  'metadata-rollback': 503,
  'metadata-missing': 503,
  'metadata-expired': 503,
  'metadata-unreachable': 503,
  'issuer-key-unavailable': 503,
  'registry-too-old': 503,
  'status-list-full': 503,
  'storage-failed': 503,
};

export interface Problem {
  readonly status: number;
  readonly code: Code;
  readonly body: string;
}

/**
 * RFC 9457 problem details with a stable `code`. The sentence comes from the code; a path names our own fields only. An error that is
 * not ours says nothing more than `internal-error`.
 *
 * @param statuses what a route answers otherwise than the others
 */
export function problemOf(error: unknown, statuses: Statuses = {}): Problem {
  const code = codeOf(error);
  const status = statuses[code] ?? STATUS[code] ?? 400;
  const path = isSymbolonError(error) && status < 500 ? error.path : undefined;
  const body = {
    type: `urn:symbolon:problem:${code}`,
    title: textOf(code),
    status,
    code,
    ...(path === undefined ? {} : { path }),
  };
  return { status, code, body: JSON.stringify(body) };
}
