import type { Dictionary } from '@symbolon/protocol/schemas/federation';
import { type ParsedSdJwt, parseSdJwt } from '../sd-jwt/parse.ts';
import { readTemplate } from './read-template.ts';
import { unpackQr } from './unpack.ts';

/**
 * Reads a QR text: `parseSdJwt(unpackQr(text))`, and mostly in a third of its time. What the template was rebuilt to is taken as what it says, in place of reading
 * its text once more. Whatever is wrong or unusual takes the long road, which says what it is. **Nothing is verified.**
 *
 * @throws SymbolonError what `unpackQr` and `parseSdJwt` throw
 */
export function readQr(text: string, dictionary: Dictionary): ParsedSdJwt {
  return readTemplate(text, dictionary) ?? parseSdJwt(unpackQr(text, dictionary));
}
