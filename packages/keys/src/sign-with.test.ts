import { generateKeyPairSync } from 'node:crypto';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import type { Algorithm } from '@symbolon/protocol/schemas/jwk';
import { describe, expect, it } from 'vitest';
import { ALGORITHMS } from './algorithms.ts';
import { publicPart } from './private-key.ts';
import { insecurePrivateKeyFromSeed } from './seeded-key.ts';
import * as node from './sign-with.node.ts';
import * as web from './sign-with.ts';
import { verifySignature as nodeVerify } from './signature.node.ts';
import { verifySignature as webVerify } from './signature.ts';

const random = insecureRandomFromSeed('sign with');
const PATHS = [
  { path: 'Node', ...node },
  { path: 'the web platform', ...web },
];

function keyOf(alg: Algorithm) {
  const privateJwk = insecurePrivateKeyFromSeed(alg, 'sign with');
  return { privateJwk, publicJwk: publicPart(privateJwk), entry: ALGORITHMS[alg] };
}

/** PKCS#8 of a fresh key of another kind. */
function pkcs8(curve: 'prime256v1' | 'secp384r1' | 'ed25519'): Uint8Array<ArrayBuffer> {
  const { privateKey } =
    curve === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: curve });
  return new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));
}

describe.each(['ES256', 'EdDSA'] as const)('signing with %s: both paths agree', (alg) => {
  it.each(PATHS)('what $path signs, both verify, and nothing else', async ({ signWithJwk }) => {
    const { privateJwk, publicJwk, entry } = keyOf(alg);
    const sign = await signWithJwk(privateJwk, entry);
    // Short integers in DER come once in 128 signatures.
    for (let i = 0; i < 400; i++) {
      const data = random(1 + i);
      const signature = await sign(data);
      expect(signature).toHaveLength(entry.signatureBytes);
      expect(await nodeVerify(publicJwk, data, signature)).toBe(true);
      if (i % 20 > 0) continue;
      expect(await webVerify(publicJwk, data, signature)).toBe(true);
      expect(await webVerify(publicJwk, random(1 + i), signature)).toBe(false);
    }
  });

  it.each(PATHS)('REQ-KEY-008 $path takes no key of another kind', async ({ signWithPkcs8 }) => {
    const own = alg === 'ES256' ? 'prime256v1' : 'ed25519';
    for (const curve of ['prime256v1', 'secp384r1', 'ed25519'] as const) {
      const signing = signWithPkcs8(pkcs8(curve), ALGORITHMS[alg]);
      if (curve === own) expect(await (await signing)(random(9))).toHaveLength(64);
      else await expect(signing).rejects.toThrow();
    }
    await expect(signWithPkcs8(random(48), ALGORITHMS[alg])).rejects.toThrow();
  });
});

it('EdDSA: the two paths make the same signature, as there is only one', async () => {
  const { privateJwk, entry } = keyOf('EdDSA');
  const data = random(100);
  const [one, other] = [await node.signWithJwk(privateJwk, entry), await web.signWithJwk(privateJwk, entry)];
  expect(await one(data)).toEqual(await other(data));
});
