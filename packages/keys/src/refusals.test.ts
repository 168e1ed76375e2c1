import { createPrivateKey } from 'node:crypto';
import { SymbolonError } from '@symbolon/protocol/errors';
import { describe, expect, it } from 'vitest';
import { rawFromDer, writeDer } from './ecdsa-der.ts';
import { openKeyFile, sealKeyFile } from './key-file.ts';
import { didKeyOf, publicKeyFromDidKey, publicKeyFromMultikey } from './multikey.ts';
import { isOnCurve } from './on-curve.ts';
import { generatePrivateKey, publicPart } from './private-key.ts';
import { insecurePrivateKeyFromSeed } from './seeded-key.ts';
import { createPkcs8Signer } from './signer.ts';
import { jwkFromPem, jwkFromSpki, pemFromJwk, spkiFromJwk } from './spki.ts';

/** What is no key and no signature of this library, in each of the forms that it reads. */

const key = publicPart(insecurePrivateKeyFromSeed('ES256', 'a'));
if (key.kty !== 'EC') throw new Error('unreachable');
const pem = pemFromJwk(key);
const spki = spkiFromJwk(key);

const code = (name: string) => expect.objectContaining({ code: name });

describe('REQ-KEY-006 a key in a form that is not its own is refused', () => {
  it('SubjectPublicKeyInfo: another length, another curve', () => {
    expect(jwkFromSpki(spki)).toEqual(key);
    const otherCurve = Uint8Array.from(spki, (byte, i) => (i === 22 ? byte ^ 1 : byte));
    for (const bytes of [spki.subarray(1), new Uint8Array(0), new Uint8Array([...spki, 0]), otherCurve])
      expect(() => jwkFromSpki(bytes)).toThrowError(code('key-malformed'));
  });

  it('PEM: another label, text around it, another curve, no base64, cut short, too long', () => {
    expect(jwkFromPem(pem)).toEqual(key);
    const texts = [
      '',
      pem.replaceAll('PUBLIC', 'PRIVATE'),
      pem.replace('-----END', '----END'),
      pem.replace('MFkw', 'MFkx'),
      pem.replace(/.\n-----END/, '!\n-----END'),
      pem.replace(/....\n-----END/, '\n-----END'),
      pem.replace('-----END', `${'A'.repeat(512)}\n-----END`),
    ];
    for (const text of texts) expect(() => jwkFromPem(text)).toThrowError(code('key-malformed'));
  });

  it('did:key: another method, another multibase, another length', () => {
    const ed25519 = didKeyOf(publicPart(insecurePrivateKeyFromSeed('EdDSA', 'a')));
    for (const did of [
      didKeyOf(key).replace('did:key', 'did:web'),
      `${ed25519}1`,
      ed25519.replace(':z', ':u'),
    ])
      expect(() => publicKeyFromDidKey(did)).toThrowError(code('key-malformed'));
    // secp256k1: a curve that this library does not have.
    const other = 'zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme';
    expect(() => publicKeyFromMultikey(other)).toThrowError(code('key-malformed'));
  });

  it('a point beside the curve, and one of small order', () => {
    expect(isOnCurve(key)).toBe(true);
    expect(isOnCurve({ ...key, y: key.x })).toBe(false);
    expect(isOnCurve({ kty: 'OKP', crv: 'Ed25519', x: `AQ${'A'.repeat(41)}` })).toBe(false);
  });
});

describe('REQ-SIG-001 a signature in a form that is not its own is refused', () => {
  it('DER that ends too early, at every byte', () => {
    const der = Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1);
    expect(rawFromDer(der).filter((byte) => byte !== 0)).toEqual(Uint8Array.of(1, 1));
    for (let length = 0; length < der.length; length++) {
      const cut = der.slice(0, length);
      if (length > 1) cut[1] = length - 2;
      expect(() => rawFromDer(cut)).toThrowError(code('signature-invalid'));
    }
  });

  it('R and S of another length', () => {
    for (const length of [0, 63, 65])
      expect(() => writeDer(new Uint8Array(length), new Uint8Array(72))).toThrowError(
        code('signature-invalid'),
      );
  });
});

describe('REQ-KEY-010 a key file that asks for more work than it may, or holds no key, is refused', () => {
  it('as damaged, not as a wrong passphrase', async () => {
    const work = await sealKeyFile(insecurePrivateKeyFromSeed('ES256', 'a'), 'words', 1000);
    const [header = '', ...rest] = work.split('.');
    const asked = JSON.parse(Buffer.from(header, 'base64url').toString());
    const more = Buffer.from(JSON.stringify({ ...asked, p2c: 2_000_001 })).toString('base64url');
    await expect(openKeyFile([more, ...rest].join('.'), 'words')).rejects.toThrowError(SymbolonError);
    await expect(openKeyFile([more, ...rest].join('.'), 'words')).rejects.toMatchObject({
      code: 'key-file-malformed',
    });
  });
});

describe('REQ-KEY-006 a key that a service has unwrapped is the one that it should be', () => {
  it.each(['ES256', 'EdDSA'] as const)('%s', async (alg) => {
    const [own, other] = [await generatePrivateKey(alg), await generatePrivateKey(alg)];
    const format = { format: 'der', type: 'pkcs8' } as const;
    const der = new Uint8Array(createPrivateKey({ key: { ...own }, format: 'jwk' }).export(format));
    expect((await createPkcs8Signer(der, publicPart(own))).publicJwk).toEqual(publicPart(own));
    await expect(createPkcs8Signer(der, publicPart(other))).rejects.toMatchObject({ code: 'key-malformed' });
    await expect(createPkcs8Signer(der.slice(1), publicPart(own))).rejects.toMatchObject({
      code: 'key-malformed',
    });
  });
});
