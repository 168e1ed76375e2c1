import { p256 } from '@noble/curves/nist.js';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { P256Jwk } from '@symbolon/protocol/schemas/jwk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandPoint as onNode } from './point.node.ts';
import { compressPoint, expandPoint } from './point.ts';
import { publicPart } from './private-key.ts';
import { insecurePrivateKeyFromSeed } from './seeded-key.ts';

/** The reference is the road of the library. */
function byLibrary(compressed: Uint8Array): P256Jwk | undefined {
  let point: Uint8Array;
  try {
    if (compressed.length !== 33) return undefined;
    point = p256.Point.fromBytes(compressed).toBytes(false);
  } catch {
    return undefined;
  }
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map(encodeBase64url);
  return { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' };
}

function read(expand: typeof expandPoint, compressed: Uint8Array): P256Jwk | undefined {
  try {
    return expand(compressed);
  } catch (error) {
    expect(error).toMatchObject({ code: 'key-malformed' });
    return undefined;
  }
}

const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const withX = (lead: number, x: bigint) =>
  Uint8Array.from([lead, ...Buffer.from(x.toString(16).padStart(64, '0'), 'hex')]);

describe.each([
  ['here', expandPoint],
  ['on Node', onNode],
])('a compressed point is expanded %s as the library does', (_, expand) => {
  it('property: any 32 bytes, half of which are no x of the curve', () => {
    let points = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(2, 2, 3, 3, 0, 4, 6),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (lead, x) => {
          const compressed = Uint8Array.from([lead, ...x]);
          const expected = byLibrary(compressed);
          if (expected !== undefined) points++;
          expect(read(expand, compressed)).toEqual(expected);
        },
      ),
      { seed: 61, numRuns: 400 },
    );
    expect(points).toBeGreaterThan(60);
    expect(points).toBeLessThan(300);
  });

  it('x at the ends of the field, and beyond it', () => {
    for (const x of [0n, 1n, 2n, 3n, 5n, P - 1n, P - 3n, P, P + 1n, P + 5n, 2n ** 256n - 1n])
      for (const lead of [2, 3])
        expect(read(expand, withX(lead, x)), `${lead} ${x}`).toEqual(byLibrary(withX(lead, x)));
  });

  it('of another length', () => {
    for (const length of [0, 1, 32, 34, 65])
      expect(read(expand, new Uint8Array(length).fill(2))).toBeUndefined();
  });

  it('a key comes back as it was', () => {
    for (let i = 0; i < 20; i++) {
      const key = P256Jwk.parse(publicPart(insecurePrivateKeyFromSeed('ES256', `point ${i}`)));
      expect(expand(compressPoint(key))).toEqual(key);
    }
  });
});
