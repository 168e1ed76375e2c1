import { kidOf } from '@symbolon/keys/kid';
import { SymbolonError } from '@symbolon/protocol/errors';
import { splitSdJwt } from './compact.ts';
import { DETAILS } from './details.ts';
import { decodeDisclosure } from './disclosure.ts';
import { type BindOptions, bindSdJwt } from './key-binding.ts';
import { parseSdJwt } from './parse.ts';

/**
 * Keeps only the disclosures of the named details (`reason`, `evidence`, `initials`). A card is this text, shown as it is.
 *
 * @param sdJwt as issued, with all its disclosures and no key binding
 * @returns SD-JWT, ending with `~`; without any name it discloses nothing
 * @throws SymbolonError `disclosure-unreferenced` when the credential has no such detail, `binding-malformed` when the text
 *   is a presentation already (RFC 9901, section 7.2), and what `parseSdJwt` throws
 */
export function discloseSdJwt(sdJwt: string, names: readonly string[]): string {
  if (parseSdJwt(sdJwt).keyBinding !== undefined) throw new SymbolonError('binding-malformed');
  const { jwt, disclosures } = splitSdJwt(sdJwt);
  const wanted = new Set(names.length === 0 ? [] : [DETAILS, ...names]);
  const kept = disclosures.filter((text) => wanted.delete(decodeDisclosure(text).name ?? ''));
  if (wanted.size > 0) throw new SymbolonError('disclosure-unreferenced');
  return [jwt, ...kept, ''].join('~');
}

export interface PresentSdJwtOptions extends BindOptions {
  /** Names of the details to disclose. */
  readonly disclose: readonly string[];
}

/**
 * Presents a credential with proof of possession of its key (RFC 9901, section 7.2). Face to face, without a venue's code:
 * `IN_PERSON_AUDIENCE` and `windowNonce(now)`.
 *
 * @returns SD-JWT+KB
 * @throws SymbolonError `binding-signature` when `holder` is not the key of the credential, and what `discloseSdJwt` throws
 */
export async function presentSdJwt({ disclose, sdJwt, ...binding }: PresentSdJwtOptions): Promise<string> {
  const { holderKey } = parseSdJwt(sdJwt).claims;
  if (holderKey === undefined || kidOf(holderKey) !== kidOf(binding.holder.publicJwk)) {
    throw new SymbolonError('binding-signature');
  }
  return bindSdJwt({ ...binding, sdJwt: discloseSdJwt(sdJwt, disclose) });
}
