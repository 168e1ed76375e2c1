import type { Signer } from '@symbolon/keys/signer';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { MintingCodec } from './codecs.ts';

/**
 * REQ-SIG-003: a faulty signer must not hand out what no verifier accepts. All of a batch is checked where another machine signed; where the key is in this
 * memory one of them at random, as a key that is the wrong one is wrong for all of them.
 *
 * @param published the key as the registry has it
 * @throws SymbolonError `minted-check-failed`
 */
export async function checkMinted(
  codec: MintingCodec,
  minted: readonly string[],
  signer: Signer,
  published: PublicJwk,
  random: RandomBytes,
): Promise<void> {
  const [chosen = 0] = random(1);
  const checked = signer.remote === true ? minted : minted.slice(chosen % minted.length).slice(0, 1);
  await Promise.all(checked.map((each) => codec.check(each, published)));
}
