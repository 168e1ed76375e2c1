import { Verdict } from '@symbolon/protocol/schemas/verdict';
import { verify } from '@symbolon/verifier/verify';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { foundFederation, GATE, ISSUED, NOW, openedFrom } from '../support/verifier-federation.ts';
import { bind, mint, reissue } from '../support/verifier-showings.ts';

/** Property (c), for what an issuer did sign: whatever it is, the answer is a verdict, and it says no more than was signed. */

/** Where a verdict tells a claim. */
const TOLD_AS: Record<string, string> = {
  level: 'level',
  rule: 'rule',
  authority: 'authority',
  assurance: 'assurance',
  iat: 'issuedAt',
  exp: 'expiresAt',
  at: 'sampledAt',
};
const CLAIMS = [
  ...Object.keys(TOLD_AS),
  'iss',
  'vct',
  'status',
  'cnf',
  'via',
  'bearer',
  'contested',
  '_sd',
  '_sd_alg',
];

const words = fc.constantFrom('red', 'blue', 'constructor', 'clear@2', 'CN-HA', 'urn:symbolon:test:1', 'cdc');
const numbers = fc.constantFrom<number>(ISSUED, ISSUED - 3600, ISSUED + 7200, NOW, 0, 2 ** 53, -1, 0.5);
const value = fc.oneof(words, words, numbers, numbers, fc.boolean(), fc.jsonValue({ maxDepth: 2 }));

describe('any claim, signed by an issuer that signs anything', () => {
  it('is told as it was signed, or not at all', async () => {
    const fixture = await foundFederation();
    const { trust } = await openedFrom(fixture);
    const { credential: signer } = fixture.regions['CN-BJ'];
    const honest = await mint(fixture);
    const bare = `${honest.slice(0, honest.indexOf('~'))}~`;
    let authentic = 0;
    const property = fc.asyncProperty(fc.constantFrom(...CLAIMS), value, async (claim, signed) => {
      const payload = (claims: Record<string, unknown>) => ({ ...claims, [claim]: signed });
      const verdict = await verify(await bind(await reissue(bare, { payload, signer })), trust, GATE, NOW);
      expect(z.decode(Verdict, z.encode(Verdict, verdict))).toEqual(verdict);
      if (!('statuses' in verdict)) return;
      authentic++;
      const told = Object.entries(verdict.statuses[0] ?? {}).find(([name]) => name === TOLD_AS[claim]);
      if (told !== undefined) expect(told[1]).toBe(JSON.parse(JSON.stringify(signed)));
    });
    await fc.assert(property, { seed: 3, numRuns: 2000 });
    expect(authentic).toBeGreaterThan(100);
  });
});
