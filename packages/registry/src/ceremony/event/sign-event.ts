import type { Signer } from '@symbolon/keys/signer';
import { SymbolonError } from '@symbolon/protocol/errors';
import { isRight } from '../../history/signers-of.ts';
import type { Draft } from '../draft.ts';
import { keyIdIn, signatureBy } from '../sign.ts';
import { authoritiesOf } from './authorities.ts';
import { layOver } from './lay-over.ts';
import { metadataOf, type SigningEvent } from './signing-event.ts';

/**
 * Adds the signatures of these keys to every file of an event that they may sign. A right signature that is there stays as it is. What the event
 * does is NOT judged here: run `checkEvent` and look at `diffEvent` first, on the machine that signs, as whoever made the event is not trusted.
 *
 * @throws SymbolonError `signer-unknown` when one of the keys may sign nothing; the event is then left as it was
 */
export async function signEvent(
  event: SigningEvent,
  published: Draft | undefined,
  signers: readonly Signer[],
): Promise<SigningEvent> {
  const overlay = layOver(event, published);
  const signatures = new Map([...event.signatures].map(([role, given]) => [role, new Map(given)]));
  const used = new Set<Signer>();
  for (const [role, metadata] of metadataOf(event)) {
    const given = signatures.get(role) ?? new Map<string, string>();
    for (const { authority } of authoritiesOf(overlay, role)) {
      for (const signer of signers) {
        const keyid = keyIdIn(authority, signer);
        if (keyid === undefined) continue;
        used.add(signer);
        const there = given.get(keyid);
        if (there !== undefined && (await isRight(metadata, authority, keyid, there))) continue;
        given.set(keyid, await signatureBy(signer, metadata.signingBytes));
      }
    }
    if (given.size > 0) signatures.set(role, given);
  }
  // REQ-CER-009
  if (signers.some((signer) => !used.has(signer))) throw new SymbolonError('signer-unknown');
  return { ...event, signatures };
}
