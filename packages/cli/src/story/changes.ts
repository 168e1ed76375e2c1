import { verify } from '@symbolon/verifier/verify';
import { systemNow } from '../clock.ts';
import { presentQr } from '../wallet/show.ts';
import type { HeldCredential } from '../wallet/wallet-file.ts';
import { GATE, pullAgain } from './gate.ts';
import { revokeAll } from './people.ts';
import { held, homeOf, type Stage } from './stage.ts';

export async function revokeAndRefuse(
  { network, folder, tell }: Stage,
  wallet: readonly HeldCredential[],
  code: string,
): Promise<void> {
  tell.chapter('7. The phone is lost: the holder revokes, and the next bundle says so');
  const revoked = await revokeAll(homeOf(network, 'CN-BJ').endpoint, code);
  tell.check(`${revoked} credentials of this person are revoked`, revoked >= wallet.length);
  const trust = await pullAgain(network, folder);
  const now = systemNow();
  const text = await presentQr(held(wallet, 2), trust.registry.dictionary, { disclose: [], now });
  tell.refusal('a revoked credential at the gate', await verify(text, trust, GATE, now), 'status-revoked');
}
