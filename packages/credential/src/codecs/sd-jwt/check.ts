import { algorithmOf } from '@symbolon/keys/algorithms';
import { kidOf } from '@symbolon/keys/kid';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { compactVerify, importJWK } from 'jose';
import { splitSdJwt } from './compact.ts';
import { parseSdJwt } from './parse.ts';

/**
 * Checks a freshly minted SD-JWT once more, from its text alone: by jose against the *published* key, and by the reader that
 * verifiers use. So a signer that uses another key than the registry says, or signs wrongly, is found before the holder.
 *
 * @param publicJwk the issuing key as the registry publishes it
 * @throws SymbolonError `minted-check-failed`
 */
export async function checkMintedSdJwt(text: string, publicJwk: PublicJwk): Promise<void> {
  const { alg } = algorithmOf(publicJwk);
  try {
    await compactVerify(splitSdJwt(text).jwt, await imported(publicJwk), { algorithms: [alg] });
  } catch {
    throw new SymbolonError('minted-check-failed');
  }
  // REQ-SIG-003: what this package itself cannot read again must not leave the issuer.
  if (!isReadable(text, kidOf(publicJwk))) throw new SymbolonError('minted-check-failed');
}

const keys = new WeakMap<PublicJwk, ReturnType<typeof importJWK>>();

/** Importing a key costs as much as a check by it. */
function imported(publicJwk: PublicJwk): ReturnType<typeof importJWK> {
  const known = keys.get(publicJwk) ?? importJWK({ ...publicJwk }, algorithmOf(publicJwk).alg);
  keys.set(publicJwk, known);
  return known;
}

function isReadable(text: string, kid: string): boolean {
  try {
    const parsed = parseSdJwt(text);
    return parsed.kid === kid && parsed.keyBinding === undefined;
  } catch {
    return false;
  }
}
