import { systemNow } from '../clock.ts';
import { requestBatch } from '../wallet/request-batch.ts';
import type { HeldCredential } from '../wallet/wallet-file.ts';
import { CARD, newestDecision, operatorOf } from './people.ts';
import { homeOf, type Stage } from './stage.ts';

export async function enrolInBeijing({ network, tell }: Stage) {
  tell.chapter('1. Beijing enrols a person, and published rules decide the status');
  const now = systemNow();
  const beijing = operatorOf(network, 'CN-BJ');
  const holder = await beijing.enrol(CARD);
  const negative = { source: 'lab', type: 'pcr', fields: { result: 'negative' }, hoursAgo: 6 };
  await beijing.report(holder.subject, { scheme: 'health', ...negative }, now);
  await beijing.report(holder.subject, { scheme: 'test', ...negative }, now);
  tell.say('An operator enrols a person by identity card: only a keyed hash of its number is stored.');
  const { level, rule } = await newestDecision(homeOf(network, 'CN-BJ').endpoint, holder.code, 'health');
  tell.check(`A laboratory signs a negative test; rule ${rule} decides: ${level}`, level === 'green');
  return holder;
}

export async function fillWallet(
  { network, tell }: Stage,
  code: string,
  format: HeldCredential['format'],
  scheme: string,
  count: number,
): Promise<HeldCredential[]> {
  tell.chapter(
    `${format === 'dc+sd-jwt' ? '2' : '5'}. The wallet gets a batch of ${count} (${scheme}, ${format})`,
  );
  const now = systemNow();
  const { endpoint, issuer } = homeOf(network, 'CN-BJ');
  const batch = await requestBatch({ endpoint, issuer, code, scheme, format, count, now });
  tell.check(
    `Received: ${batch.length}, each for a key of its own, so that two gates cannot link two showings`,
    batch.length === count,
  );
  return batch.map((each) => ({ ...each, scheme, format, receivedAt: now, used: false }));
}
