import { verify } from '@symbolon/verifier/verify';
import { systemNow } from '../clock.ts';
import { requestBatch } from '../wallet/request-batch.ts';
import { present, presentQr } from '../wallet/show.ts';
import type { HeldCredential } from '../wallet/wallet-file.ts';
import { GATE, pullAgain } from './gate.ts';
import { operatorOf, revokeAll } from './people.ts';
import { held, homeOf, type Stage } from './stage.ts';

export async function revokeAndRefuse(
  { network, folder, tell }: Stage,
  wallet: readonly HeldCredential[],
  code: string,
): Promise<void> {
  tell.chapter('6. The phone is lost: the holder revokes, and the next bundle says so');
  const revoked = await revokeAll(homeOf(network, 'CN-BJ').endpoint, code);
  tell.check(`${revoked} credentials of this person are revoked`, revoked >= wallet.length);
  const trust = await pullAgain(network, folder);
  const now = systemNow();
  const text = await presentQr(held(wallet, 2), trust.registry.dictionary, { disclose: [], now });
  tell.refusal('a revoked credential at the gate', await verify(text, trust, GATE, now), 'status-revoked');
}

export async function changeOfFacts({ network, folder, tell }: Stage): Promise<void> {
  tell.chapter('7. In Henan a fact changes: the old status ends, and the new one explains itself');
  const henan = operatorOf(network, 'CN-HA');
  const { endpoint, issuer } = homeOf(network, 'CN-HA');
  const { subject, code } = await henan.enrol(`TEST-${crypto.randomUUID().slice(0, 18)}`);
  const ask = { endpoint, issuer, code, scheme: 'health', format: 'dc+sd-jwt', count: 1 } as const;
  const next = async () => {
    const receivedAt = systemNow();
    const [first] = await requestBatch({ ...ask, now: receivedAt });
    return first && { ...first, scheme: 'health', format: 'dc+sd-jwt' as const, receivedAt, used: false };
  };
  const before = await next();
  const contact = { scheme: 'health', type: 'contact', fields: { kind: 'close' }, hoursAgo: 20 };
  const decision = await henan.report(subject, contact, systemNow());
  tell.check(
    `Contact tracing reports a close contact; rule ${decision.rule} decides: ${decision.level}`,
    decision.level === 'red',
  );
  const after = await next();
  if (before === undefined || after === undefined) return tell.check('credentials came', false);

  const trust = await pullAgain(network, folder);
  const now = systemNow();
  const disclose = ['reason', 'evidence'];
  tell.refusal(
    'the green one from before',
    await verify(await present(before, { disclose: [], now }), trust, GATE, now),
    'status-suspended',
  );
  tell.verdict(
    'the red one, with its reason disclosed',
    await verify(await present(after, { disclose, now }), trust, GATE, now),
    {
      outcome: 'refused',
    },
  );
}
