import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runMany } from './campaign.ts';
import { installMeter, type Meter } from './meter.ts';
import { openBundleTarget } from './targets/bundle.ts';
import { openJsonLdTarget } from './targets/json-ld.ts';
import { openQrTarget } from './targets/qr.ts';
import { openSdJwtTarget } from './targets/sd-jwt.ts';

/**
 * Grammar-aware fuzzing, bounded and seeded: a mutant is refused with one code of the closed list, or it is the very same thing; longer by `npm run fuzz`.
 * That the oracle would see a weakness, oracle.test.ts shows.
 */

let meter: Meter;
beforeAll(() => {
  meter = installMeter();
});
afterAll(() => {
  meter.remove();
});

const SEED = 5;
// The work is bounded by its number of mutants, not by time.
vi.setConfig({ testTimeout: 600_000 });

describe('fuzz: a mutant is refused, or is the same', () => {
  it('of an SD-JWT', async () => {
    const { failures, unchanged, refused } = await runMany(await openSdJwtTarget({ meter }), SEED, 6000);
    expect(failures).toEqual([]);
    expect(unchanged).toBeGreaterThan(500);
    expect([...refused.keys()]).toEqual(
      expect.arrayContaining([
        'algorithm-mismatch',
        'algorithm-none',
        'base64url-malformed',
        'binding-audience',
        'binding-hash',
        'binding-malformed',
        'binding-missing',
        'binding-nonce',
        'binding-signature',
        'claims-malformed',
        'disclosure-malformed',
        'disclosure-unreferenced',
        'json-duplicate-name',
        'json-malformed',
        'json-too-deep',
        'jwt-malformed',
        'presentation-too-large',
        'signature-invalid',
        'type-unexpected',
        'utf8-malformed',
      ]),
    );
  });

  it('of a QR text', async () => {
    const { failures, unchanged, refused } = await runMany(await openQrTarget({ meter }), SEED, 4000);
    expect(failures).toEqual([]);
    expect(unchanged).toBeGreaterThan(300);
    expect([...refused.keys()]).toEqual(
      expect.arrayContaining([
        'base45-malformed',
        'dictionary-unknown',
        'packing-malformed',
        'packing-not-canonical',
        'packing-truncated',
        'packing-version-unknown',
        'presentation-too-large',
        'presentation-unrecognised',
        'signature-invalid',
      ]),
    );
  });

  it('of JSON-LD', async () => {
    const { failures, unchanged, refused } = await runMany(await openJsonLdTarget({ meter }), SEED, 3000);
    expect(failures).toEqual([]);
    expect(unchanged).toBeGreaterThan(100);
    expect([...refused.keys()]).toEqual(
      expect.arrayContaining([
        'binding-malformed',
        'binding-signature',
        'claims-malformed',
        'context-unbundled',
        'json-duplicate-name',
        'json-malformed',
        'json-too-deep',
        'presentation-unrecognised',
        'proof-malformed',
        'signature-invalid',
        'type-unexpected',
      ]),
    );
  });

  it('of a trust bundle', async () => {
    const { failures, unchanged, lessened, refused } = await runMany(
      await openBundleTarget({ meter }),
      SEED,
      500,
    );
    expect(failures).toEqual([]);
    expect(unchanged).toBeGreaterThan(50);
    expect(lessened).toBeGreaterThan(50);
    expect([...refused.keys()]).toEqual(
      expect.arrayContaining([
        'bundle-malformed',
        'bundle-rollback',
        'bundle-too-large',
        'metadata-malformed',
        'metadata-mismatch',
        'metadata-missing',
        'metadata-signatures',
      ]),
    );
  });
});
