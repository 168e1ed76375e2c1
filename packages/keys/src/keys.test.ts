import { createHash } from 'node:crypto';
import { utf8 } from '@symbolon/protocol/bytes';
import fc from 'fast-check';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import * as nodeDigest from './digest.node.ts';
import * as portableDigest from './digest.ts';
import { derFromRaw, rawFromDer } from './ecdsa-der.ts';
import { openKeyFile, sealKeyFile } from './key-file.ts';
import { kidOf } from './kid.ts';
import { didKeyOf, publicKeyFromDidKey } from './multikey.ts';
import { expandPoint as expandPointNode } from './point.node.ts';
import { compressPoint, expandPoint } from './point.ts';
import { generatePrivateKey, publicPart } from './private-key.ts';
import { insecurePrivateKeyFromSeed } from './seeded-key.ts';
import { verifySignature as verifyNode } from './signature.node.ts';
import { verifySignature as verifyWeb } from './signature.ts';
import { createLocalSigner } from './signer.ts';
import { jwkFromPem, pemFromJwk } from './spki.ts';

const P256 = insecurePrivateKeyFromSeed('ES256', 'a');
const OTHER = insecurePrivateKeyFromSeed('ES256', 'b');
const MESSAGE = utf8('one message');

describe('REQ-SIG-001 both signature checks agree, and the algorithm follows from the key', () => {
  it.each(['ES256', 'EdDSA'] as const)('%s', async (alg) => {
    const signer = await createLocalSigner(insecurePrivateKeyFromSeed(alg, 'a'));
    const signature = await signer.sign(MESSAGE);
    const flipped = new Uint8Array(signature);
    flipped[10] = (flipped[10] ?? 0) ^ 1;
    const stranger = publicPart(insecurePrivateKeyFromSeed(alg, 'b'));
    for (const verify of [verifyNode, verifyWeb]) {
      expect(await verify(signer.publicJwk, MESSAGE, signature)).toBe(true);
      expect(await verify(signer.publicJwk, utf8('another'), signature)).toBe(false);
      expect(await verify(signer.publicJwk, MESSAGE, flipped)).toBe(false);
      expect(await verify(signer.publicJwk, MESSAGE, signature.subarray(1))).toBe(false);
      expect(await verify(stranger, MESSAGE, signature)).toBe(false);
    }
  });

  it('REQ-KEY-006 refuses a key that is not a point of the curve', async () => {
    const bad = { ...publicPart(P256), x: publicPart(OTHER).x };
    for (const verify of [verifyNode, verifyWeb]) {
      await expect(verify(bad as never, MESSAGE, new Uint8Array(64))).rejects.toMatchObject({
        code: 'key-malformed',
      });
    }
  });
});

describe('forms of a key', () => {
  it('kid is the start of the RFC 7638 thumbprint', async () => {
    for (let i = 0; i < 64; i++) {
      const jwk = publicPart(insecurePrivateKeyFromSeed(i % 2 === 0 ? 'ES256' : 'EdDSA', `kid ${i}`));
      const whole = Buffer.from(await calculateJwkThumbprint(jwk), 'base64url');
      expect(kidOf(jwk)).toBe(whole.subarray(0, 8).toString('base64url'));
    }
  });

  it('points, PEM and did:key come back the same', async () => {
    for (let i = 0; i < 8; i++) {
      const jwk = publicPart(insecurePrivateKeyFromSeed('ES256', String(i)));
      if (jwk.kty !== 'EC') throw new Error('unreachable');
      expect(expandPoint(compressPoint(jwk))).toEqual(jwk);
      expect(jwkFromPem(pemFromJwk(jwk))).toEqual(jwk);
      expect(publicKeyFromDidKey(didKeyOf(jwk))).toEqual(jwk);
    }
    const generated = publicPart(await generatePrivateKey('EdDSA'));
    expect(publicKeyFromDidKey(didKeyOf(generated))).toEqual(generated);
  });

  it('both ways to expand a point agree, also on what is none', () => {
    for (let i = 0; i < 64; i++) {
      const bytes = Uint8Array.from({ length: 33 }, (_, at) =>
        at === 0 ? 2 + (i & 1) : (i * 31 + at * at * 7) & 255,
      );
      let point: ReturnType<typeof expandPoint> | undefined;
      try {
        point = expandPoint(bytes);
      } catch {
        point = undefined;
      }
      if (point === undefined) expect(() => expandPointNode(bytes)).toThrow();
      else expect(expandPointNode(bytes)).toEqual(point);
    }
    for (const bad of [
      [],
      [4],
      new Array(33).fill(0),
      [5, ...new Array(32).fill(1)],
      [2, ...new Array(32).fill(255)],
    ]) {
      for (const expand of [expandPoint, expandPointNode]) {
        expect(() => expand(Uint8Array.from(bad))).toThrowError(
          expect.objectContaining({ code: 'key-malformed' }),
        );
      }
    }
  });

  it('DER and raw signatures convert both ways, whatever the leading bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(3), (s, zeros) => {
        const raw = new Uint8Array(64).fill(7);
        raw.set(s, 32);
        raw.fill(0, 32, 32 + zeros);
        fc.pre(raw.subarray(32).some((byte) => byte !== 0));
        expect(rawFromDer(derFromRaw(raw))).toEqual(raw);
      }),
      { seed: 2 },
    );
    expect(() => rawFromDer(Uint8Array.of(0x30, 6, 2, 1, 1, 2, 2, 0, 1))).toThrow();
  });

  it('one signature has one DER: what is read is what would be written', () => {
    const der = derFromRaw(new Uint8Array(64).fill(7));
    let read = 0;
    const change = fc.tuple(
      fc.nat(der.length - 1),
      fc.constantFrom(0, 1, 2, 7, 0x20, 0x21, 0x7f, 0x80, 0xff),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), fc.integer({ min: -2, max: 2 }), (changes, longer) => {
        const changed = new Uint8Array(der.length + longer);
        changed.set(der.subarray(0, changed.length));
        for (const [at, byte] of changes) if (at < changed.length) changed[at] = byte;
        let raw: Uint8Array;
        try {
          raw = rawFromDer(changed);
        } catch (error) {
          expect(error).toMatchObject({ code: 'signature-invalid' });
          return;
        }
        read++;
        expect(derFromRaw(raw)).toEqual(changed);
      }),
      { seed: 9, numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it('all SHA-256 agree, of bytes and of text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const expected = createHash('sha256').update(text).digest();
        for (const { sha256, sha256Hex, sha256Base64url } of [portableDigest, nodeDigest]) {
          expect(sha256Base64url(text)).toBe(expected.toString('base64url'));
          expect(sha256Base64url(utf8(text))).toBe(expected.toString('base64url'));
          expect([...sha256(utf8(text))]).toEqual([...expected]);
          expect(sha256Hex(utf8(text))).toBe(expected.toString('hex'));
          expect(sha256Hex(text)).toBe(expected.toString('hex'));
        }
      }),
      { seed: 4 },
    );
    for (const { sha256Hex } of [portableDigest, nodeDigest])
      expect(sha256Hex('\ud800')).toBe(sha256Hex('\ufffd'));
  });
});

describe('REQ-KEY-009, REQ-KEY-010 a key file opens by its passphrase only', () => {
  it('opens, refuses a wrong passphrase and a damaged file', async () => {
    const text = await sealKeyFile(P256, 'correct horse', 1000);
    expect(text).not.toContain(P256.d);
    expect(await openKeyFile(text, 'correct horse')).toEqual(P256);
    await expect(openKeyFile(text, 'wrong')).rejects.toMatchObject({ code: 'key-file-passphrase' });
    await expect(openKeyFile(text.slice(0, 40), 'correct horse')).rejects.toMatchObject({
      code: 'key-file-malformed',
    });
    await expect(openKeyFile('{}', 'correct horse')).rejects.toMatchObject({ code: 'key-file-malformed' });
  });
});
