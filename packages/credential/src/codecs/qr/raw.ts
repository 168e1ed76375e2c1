import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { splitSdJwt } from '../sd-jwt/compact.ts';
import { RAW, type Raw } from './packing.ts';

/**
 * Any SD-JWT whose parts are canonical base64url, whatever they say.
 *
 * @throws SymbolonError `presentation-unrecognised`, `presentation-too-large`
 */
export function toRaw(text: string): Raw {
  const { jwt, disclosures, keyBinding } = splitSdJwt(text);
  return [RAW, toJws(jwt), disclosures.map(toBytes), keyBinding === undefined ? null : toJws(keyBinding)];
}

export function fromRaw([, jwt, disclosures, keyBinding]: Raw): string {
  const parts = [fromJws(jwt), ...disclosures.map(encodeBase64url)];
  return [...parts, keyBinding === null ? '' : fromJws(keyBinding)].join('~');
}

function toJws(token: string): Raw[1] {
  const [header, payload, signature, ...more] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) {
    throw new SymbolonError('presentation-unrecognised');
  }
  return [toBytes(header), toBytes(payload), toBytes(signature)];
}

function fromJws(parts: Raw[1]): string {
  return parts.map(encodeBase64url).join('.');
}

function toBytes(part: string): Bytes {
  try {
    return decodeBase64url(part);
  } catch {
    throw new SymbolonError('presentation-unrecognised');
  }
}
