import { unpackQr } from '@symbolon/credential/qr/unpack';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { verifySignature } from '@symbolon/keys/signature';
import { utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Decoded } from '../decoded.ts';
import type { Findings } from '../findings.ts';
import type { Trust } from '../trust/trust.ts';

/**
 * Step 1: text to entity. A `SYM1:` text is unpacked to the very SD-JWT; nothing in the packing is trusted, as a wrong rebuild is a wrong
 * signature.
 */
export async function decode(
  presentation: string,
  trust: Trust,
  findings: Findings,
): Promise<Decoded | undefined> {
  try {
    // REQ-DEC-004: bounded before anything is done with it.
    if (presentation.length > LIMITS.presentationBytes) {
      throw new SymbolonError('presentation-too-large', { bound: LIMITS.presentationBytes });
    }
    const text = presentation.trim();
    if (/^SYM[0-9]/.test(text)) return decodeSdJwt(unpackQr(text, trust.registry.dictionary));
    if (text.startsWith('{')) return await decodeJsonLd(text);
    if (text.includes('~')) return decodeSdJwt(text);
    throw new SymbolonError('presentation-unrecognised');
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    findings.add('decode', error.code, 'not-authentic');
    return undefined;
  }
}

function decodeSdJwt(text: string): Decoded {
  const parsed = parseSdJwt(text);
  const { keyBinding } = parsed;
  return {
    issuer: parsed.issuer,
    kid: parsed.kid,
    alg: parsed.headerAlg,
    claims: parsed.claims,
    listedIn: 'token-list',
    details: parsed.details,
    verifyIssuer: (key) => verifySignature(key, parsed.issuerSigningInput, parsed.signature),
    identity: keyBinding?.signingInput ?? parsed.issuerSigningInput,
    binding: keyBinding && {
      audience: keyBinding.claims.aud,
      nonce: keyBinding.claims.nonce,
      issuedAt: keyBinding.claims.iat,
      coversCredential: keyBinding.claims.sd_hash === parsed.sdHash,
      verify: (holderKey) => verifySignature(holderKey, keyBinding.signingInput, keyBinding.signature),
    },
  };
}

/** The JSON-LD code is loaded when the first JSON-LD credential is shown: it is several times the size of all the rest. */
async function decodeJsonLd(text: string): Promise<Decoded> {
  const { parseDataIntegrity, verifyDataIntegrity, verifyDataIntegrityBinding } = await import(
    '@symbolon/credential/data-integrity'
  );
  const parsed = parseDataIntegrity(text);
  const { presentation } = parsed;
  return {
    issuer: parsed.issuer,
    kid: parsed.kid,
    alg: parsed.alg,
    claims: parsed.claims,
    listedIn: 'bitstrings',
    details: {},
    verifyIssuer: (key) => verifyDataIntegrity(parsed, key),
    identity: utf8(parsed.identity),
    binding: presentation && {
      audience: presentation.domain,
      nonce: presentation.challenge,
      issuedAt: presentation.created,
      coversCredential: true,
      verify: () => verifyDataIntegrityBinding(parsed),
    },
  };
}
