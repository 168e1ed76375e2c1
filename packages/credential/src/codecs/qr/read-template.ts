import { utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { KeyBindingClaims } from '@symbolon/protocol/schemas/credential';
import type { Dictionary } from '@symbolon/protocol/schemas/federation';
import { decodeBase45 } from '../qr-text/base45.ts';
import { readStrictClaims } from '../sd-jwt/claims.ts';
import { readDetails } from '../sd-jwt/details.ts';
import type { ParsedSdJwt } from '../sd-jwt/parse.ts';
import { numberingOf } from './numbering.ts';
import { PREFIX } from './pack.ts';
import { TEMPLATE, Template } from './packing.ts';
import { isPlainCborOf, readPlainCbor } from './plain-cbor.ts';
import { fromTemplate, packParts, type Rebuilt } from './template.ts';

/** The short road of `readQr`: what it says of a QR text, or undefined when that is for the long road to say. */
export function readTemplate(text: string, dictionary: Dictionary): ParsedSdJwt | undefined {
  if (text.length > LIMITS.qrTextBytes || !text.startsWith(PREFIX)) return undefined;
  try {
    const bytes = decodeBase45(text.slice(PREFIX.length));
    const packed = readPlainCbor(bytes);
    if (!Array.isArray(packed) || packed[0] !== TEMPLATE) return undefined;
    const template = check(Template, packed, 'packing-malformed');
    const [, count] = template;
    const rebuilt = fromTemplate(template, numberingOf(dictionary, count));
    if (rebuilt.text.length > LIMITS.presentationBytes) return undefined;
    const { parsed, detailsDigest } = parsedFrom(rebuilt);
    // REQ-DEC-010: packed again, with the names that the packing itself announced, it is what was read.
    const parts = { ...parsed, alg: parsed.headerAlg, detailsDigest, disclosures: rebuilt.disclosures };
    const again = packParts({ ...parts, keyBinding: parsed.keyBinding }, numberingOf(dictionary, count));
    return isPlainCborOf(again, bytes) ? parsed : undefined;
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}

/** What `parseSdJwt` reads in the text: it was written from these very values, of which each was held to its schema. */
function parsedFrom({
  header,
  payload,
  issuerSigningInput,
  signature,
  disclosures,
  sdHash,
  binding,
}: Rebuilt): {
  readonly parsed: ParsedSdJwt;
  readonly detailsDigest: string;
} {
  const { issuer, claims, detailsDigest } = readStrictClaims(payload);
  const parsed = {
    issuer,
    kid: header.kid,
    headerAlg: header.alg,
    claims,
    details: readDetails(payload, disclosures),
    issuerSigningInput: utf8(issuerSigningInput),
    signature,
    sdHash,
    ...(binding !== undefined && {
      keyBinding: {
        signingInput: utf8(binding.signingInput),
        signature: binding.signature,
        claims: check(KeyBindingClaims, binding.claims, 'binding-malformed'),
      },
    }),
  };
  return { parsed, detailsDigest };
}
