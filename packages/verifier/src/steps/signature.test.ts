import { SymbolonError } from '@symbolon/protocol/errors';
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../testing/findings-of.ts';
import { issuer } from '../testing/plain-trust.ts';
import { decodedOf } from '../testing/presentations.ts';
import { checkSignature } from './signature.ts';

const check = (verifyIssuer: () => Promise<boolean>) =>
  findingsOf('signature', (findings) =>
    checkSignature(decodedOf(undefined, { verifyIssuer }), issuer.publicJwk, findings),
  );

describe('step signature', () => {
  it('passes the registered key, and says nothing when it verifies', async () => {
    const asked: unknown[] = [];
    const { result, found } = await findingsOf('signature', (findings) => {
      const verifyIssuer = async (jwk: unknown) => asked.push(jwk) > 0;
      return checkSignature(decodedOf(undefined, { verifyIssuer }), issuer.publicJwk, findings);
    });
    expect({ result, found }).toEqual({ result: true, found: [] });
    expect(asked).toEqual([issuer.publicJwk]);
  });

  it('REQ-SIG-001 signature-invalid', async () => {
    const { result, found } = await check(async () => false);
    expect({ result, found }).toEqual({ result: false, found: ['signature-invalid not-authentic'] });
  });

  it('REQ-KEY-006 a registered key that is no point of its curve verifies nothing', async () => {
    const { result, found } = await check(() => Promise.reject(new SymbolonError('key-malformed')));
    expect({ result, found }).toEqual({ result: false, found: ['key-malformed not-authentic'] });
  });

  it('a fault of the program is not told as one of the holder', async () => {
    await expect(check(() => Promise.reject(new TypeError('bug')))).rejects.toThrow(TypeError);
  });
});
