import type { Code } from '@symbolon/protocol/codes';
import { textOf } from '@symbolon/protocol/texts';
import { expect } from 'vitest';
import type { Answer } from './issuer-desk.ts';
import type { IssuerSuite } from './issuer-suite.ts';

/** One line of a table of bad input: what it is, the answer, and what is done before it is sent. */
export type BadInput = readonly [
  what: string,
  status: number,
  code: Code,
  ready: () => Promise<() => Promise<Answer>>,
];

/**
 * Sends it: problem details with the stable code, no credential, and not one item in the table is another than before.
 *
 * @param usesNonce whether it is refused after its nonce was used up, as it must be where possession was proven
 */
export async function expectRefused(
  { world }: IssuerSuite,
  [, status, code, ready]: BadInput,
  usesNonce = false,
): Promise<Answer> {
  const items = async () => (await world.dump()).filter((item) => !usesNonce || !item.includes('"NONCE#'));
  const send = await ready();
  const stored = await items();
  const answer = await send();
  expectProblem(answer, status, code);
  expect(answer.text).not.toContain('eyJ');
  expect(await items()).toEqual(stored);
  return answer;
}

/** RFC 9457 problem details, with the headers of every answer. */
export function expectProblem({ status, headers, body }: Answer, wanted: number, code: Code): void {
  expect([status, body['code']]).toEqual([wanted, code]);
  const { path, ...rest } = body;
  expect(rest).toEqual({ type: `urn:symbolon:problem:${code}`, title: textOf(code), status: wanted, code });
  // Places of our own schemas. A name that is not ours is told as `?`.
  if (path !== undefined) expect(path).toMatch(/^(\(root\)|[A-Za-z0-9_., @:?()-]){1,256}$/);
  expectHeaders(headers);
  expect(headers['content-type']).toBe('application/problem+json');
}

/** Nothing is cached, and nothing is taken for what it is not. */
export function expectHeaders(headers: Answer['headers']): void {
  const byName = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  expect(byName).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
}
