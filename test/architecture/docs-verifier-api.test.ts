import { type Code, isCode } from '@symbolon/protocol/codes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { instant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { readPolicy } from '@symbolon/verifier/policy';
import { decodeVerdict, encodeVerdict } from '@symbolon/verifier/verdict-json';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../../functions/runtime/problem.ts';
import { VerifierApiConfig } from '../../functions/verifier-api/config.ts';
import { ROUTES } from '../../functions/verifier-api/handler.ts';
import { VerdictRequest } from '../../functions/verifier-api/requests.ts';
import { block, page, rows } from './markdown.ts';

const PAGE = page('docs/spec/verifier-api.md');
const table = rows(PAGE).flatMap(([status = '', cell = '']) =>
  /^\d{3}$/.test(status) ? [{ status: Number(status), code: cell.replaceAll('`', '') }] : [],
);
const route = (path: string) => ROUTES.find((each) => each.path === path) ?? expect.unreachable();

/** What is answered when there is no trust, for this reason. */
async function withoutTrust(code: Code): Promise<number> {
  const trust = async () => {
    throw new SymbolonError(code);
  };
  const api = { trust, readPolicy, clock: () => instant(0), log: () => undefined };
  return (await route('/health').handle(api, { body: null, bearer: undefined, now: instant(0) })).status;
}

describe('docs/spec/verifier-api.md', () => {
  it('has every route, and no other', () => {
    const told = [...PAGE.matchAll(/^## (GET|POST) (\/\S+)$/gm)].map(
      ([, method, path]) => `${method} ${path}`,
    );
    expect(told).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`));
  });

  it.each(table)('answers $code with $status', async ({ status, code }) => {
    if (!isCode(code)) throw new Error(`${code} is no code`);
    const { status: answered } = problemOf(new SymbolonError(code), route('/verdicts').statuses);
    expect(status === 503 && answered !== 503 ? await withoutTrust(code) : answered).toBe(status);
  });

  it('has those codes that the route answers otherwise than others', () => {
    const codes = table.map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(20);
    expect(codes).toEqual(expect.arrayContaining(Object.keys(route('/verdicts').statuses ?? {})));
  });

  it('its request is one, and its verdict is one in its very form', () => {
    const { policy } = check(
      VerdictRequest,
      JSON.parse(block(PAGE, 'json', '"policy"')),
      'request-malformed',
    );
    expect(readPolicy(policy).region).toBe('CN-GD');
    const verdict: unknown = JSON.parse(block(PAGE, 'json', '"outcome"'));
    expect(JSON.stringify(encodeVerdict(decodeVerdict(verdict)))).toBe(JSON.stringify(verdict));
  });
});

it('docs/guides/verifier.md has every variable of the function, and no other', () => {
  const told = rows(page('docs/guides/verifier.md')).flatMap(
    ([cell = '']) => /^`([A-Z_0-9]+)`$/.exec(cell)?.[1] ?? [],
  );
  expect(told).toEqual(Object.keys(VerifierApiConfig.shape));
});
