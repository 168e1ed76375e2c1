import { readQr } from '@symbolon/credential/qr/read';
import { type ParsedSdJwt, parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { verifySignature } from '@symbolon/keys/signature';
import { utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { withoutSpaceAround } from '@symbolon/protocol/white-space';
import type { Decoded } from '../decoded.ts';
import type { Findings } from '../findings.ts';
import type { Trust } from '../trust/trust.ts';

/**
 * Step 1: text to entities. A `SYM1:` text is unpacked to the very SD-JWT; nothing in the packing is trusted, as a wrong rebuild is a wrong
 * signature. What is no text at all is not recognised. Only a JSON-LD presentation holds more than one credential.
 */
export async function decode(
  presentation: unknown,
  trust: Trust,
  findings: Findings,
): Promise<readonly Decoded[] | undefined> {
  try {
    if (typeof presentation !== 'string') throw new SymbolonError('presentation-unrecognised');
    // REQ-DEC-004: bounded before anything is done with it.
    if (presentation.length > LIMITS.presentationBytes) {
      throw new SymbolonError('presentation-too-large', { bound: LIMITS.presentationBytes });
    }
    const text = withoutSpaceAround(presentation);
    if (/^SYM[0-9]/.test(text)) return [decoded(readQr(text, trust.registry.dictionary))];
    if (text.startsWith('{')) return await decodeJsonLd(text);
    if (text.includes('~')) return [decoded(parseSdJwt(text))];
    throw new SymbolonError('presentation-unrecognised');
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    findings.add('decode', error.code, 'not-authentic');
    return undefined;
  }
}

function decoded(parsed: ParsedSdJwt): Decoded {
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
async function decodeJsonLd(text: string): Promise<readonly Decoded[]> {
  const { parseDataIntegrityShown, verifyDataIntegrity, verifyDataIntegrityBinding } = await import(
    '@symbolon/credential/data-integrity'
  );
  const shown = parseDataIntegrityShown(text);
  // One proof for all of them, so it is checked once.
  let bound: Promise<boolean> | undefined;
  return shown.map((parsed) => ({
    issuer: parsed.issuer,
    kid: parsed.kid,
    alg: parsed.alg,
    claims: parsed.claims,
    listedIn: 'bitstrings',
    details: {},
    verifyIssuer: (key) => verifyDataIntegrity(parsed, key),
    identity: utf8(parsed.identity),
    binding: parsed.presentation && {
      audience: parsed.presentation.domain,
      nonce: parsed.presentation.challenge,
      issuedAt: parsed.presentation.created,
      coversCredential: true,
      verify: () => {
        bound ??= verifyDataIntegrityBinding(parsed);
        return bound;
      },
    },
  }));
}
