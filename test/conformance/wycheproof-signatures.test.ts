import { rawFromDer } from '@symbolon/keys/ecdsa-der';
import { verifySignature as chosen } from '@symbolon/keys/signature';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { verifySignature as onNode } from '../../packages/keys/src/signature.node.ts';
import { verifySignature as inBrowsers } from '../../packages/keys/src/signature.ts';
import { ecdsaVectors, ed25519Vectors, type SignatureVector } from '../support/wycheproof.ts';

/**
 * Wycheproof's vectors of the two algorithms of the protocol (test/vectors/wycheproof), through each way in which this library checks a
 * signature. All of these vectors are `valid` or `invalid`, none is merely `acceptable`, and the library agrees with every one: there is no
 * table of exceptions.
 */

type Check = typeof chosen;

const ED25519 = ed25519Vectors('ed25519_test');
const P1363 = ecdsaVectors('ecdsa_secp256r1_sha256_p1363_test');
const DER = ecdsaVectors('ecdsa_secp256r1_sha256_test');

const raw = (verify: Check) => (vector: SignatureVector) => verify({ ...vector.jwk }, vector.msg, vector.sig);

/** As TUF and KMS have it: from DER to raw, and then the one check. */
const fromDer =
  (verify: Check) =>
  async ({ jwk, msg, sig }: SignatureVector) => {
    try {
      return await verify({ ...jwk }, msg, rawFromDer(sig));
    } catch (error) {
      if (isSymbolonError(error) && error.code === 'signature-invalid') return false;
      throw error;
    }
  };

/** Runs all of a file, and answers how many were held valid; names every vector on which the library differs. */
async function run(
  vectors: readonly SignatureVector[],
  verify: (vector: SignatureVector) => Promise<boolean>,
) {
  const differing: string[] = [];
  const counts = { valid: 0, invalid: 0 };
  for (const vector of vectors) {
    const answer = (await verify(vector)) ? 'valid' : 'invalid';
    counts[answer]++;
    if (answer !== vector.result) differing.push(`${vector.tcId} ${vector.comment}: ${answer}`);
  }
  return { counts, differing };
}

const VARIANTS: readonly (readonly [string, Check])[] = [
  ['signature.node.ts', onNode],
  ['signature.ts', inBrowsers],
];

describe.each(VARIANTS)('REQ-KEY-008 Wycheproof through %s', (_name, verify) => {
  it('Ed25519: 151 vectors', async () => {
    expect(await run(ED25519, raw(verify))).toEqual({ counts: { valid: 88, invalid: 63 }, differing: [] });
  });

  it('ECDSA P-256, R and S: 262 vectors', async () => {
    expect(await run(P1363, raw(verify))).toEqual({ counts: { valid: 173, invalid: 89 }, differing: [] });
  });

  it('ECDSA P-256, DER: 484 vectors', async () => {
    expect(await run(DER, fromDer(verify))).toEqual({ counts: { valid: 174, invalid: 310 }, differing: [] });
  });

  it('a check by one remembered key after another is as good as by a new one', async () => {
    const remembered = (vector: SignatureVector) => verify(vector.jwk, vector.msg, vector.sig);
    expect((await run([...ED25519, ...P1363], remembered)).differing).toEqual([]);
  });
});

describe('REQ-KEY-008 Wycheproof in a browser that has no Ed25519', () => {
  beforeEach(() => {
    vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(new DOMException('', 'NotSupportedError'));
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('Ed25519: 151 vectors', async () => {
    expect(await run(ED25519, raw(inBrowsers))).toEqual({
      counts: { valid: 88, invalid: 63 },
      differing: [],
    });
    expect(crypto.subtle.importKey).toHaveBeenCalled();
  });
});

it('the package gives Node its own variant', () => {
  expect(chosen).toBe(onNode);
});
