import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { addHours } from '@symbolon/protocol/instant';
import type { KeyUse } from '@symbolon/protocol/schemas/region';
import { describe, expect, it } from 'vitest';
import { HENAN, HOUR, issuer, key } from '../testing/plain-trust.ts';
import { type ClaimedSignature, publishedKeyOf } from './published-key.ts';

/** Whatever can be wrong with a key, in the order in which it is told, and what mends it. */
const FAULTS: readonly (readonly [Code, Partial<Parameters<typeof key>[2]> & { readonly use?: KeyUse }])[] = [
  ['key-use', { use: 'credential' }],
  ['algorithm-mismatch', { alg: 'ES256' }],
  ['key-not-valid-then', { notAfter: addHours(HOUR, 24) }],
  ['key-without-lead', {}],
  ['key-revoked', {}],
];
const CLAIMED: ClaimedSignature = { kid: issuer.kid, alg: 'ES256', issuedAt: HOUR };

/** The first fault of a key of which the first `mended` ones are mended. */
function faultAfter(mended: number): Code | undefined {
  const published: (typeof FAULTS)[number][1] = { use: 'status', alg: 'EdDSA', notAfter: HOUR };
  for (const [, mending] of FAULTS.slice(0, mended)) Object.assign(published, mending);
  const { use, ...changes } = published;
  const revoked = mended > 4 ? {} : { revoked: { since: addHours(HOUR, 1), reason: 'lost' } };
  const view = {
    ...HENAN,
    keys: [key(issuer, use, { ...changes, ...revoked })],
    lateKeys: mended > 3 ? {} : { [issuer.kid]: addHours(HOUR, 1) },
  };
  try {
    publishedKeyOf(view, 'credential', CLAIMED);
    return undefined;
  } catch (error) {
    return isSymbolonError(error) ? error.code : expect.unreachable();
  }
}

describe('the key that a region has published', () => {
  it.each(FAULTS.map(([code], index) => [code, index] as const))(
    'REQ-KEY-003 to 008, REQ-KEY-012: of several faults %s is told before those after it',
    (code, index) => {
      expect(faultAfter(index)).toBe(code);
    },
  );

  it('has none when all are mended', () => {
    expect(faultAfter(FAULTS.length)).toBeUndefined();
  });
});
