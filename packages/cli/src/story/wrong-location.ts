import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import type { Trust } from '@symbolon/verifier/trust';
import { verify } from '@symbolon/verifier/verify';
import { systemNow } from '../clock.ts';
import { requestWithReceipt } from '../wallet/request-batch.ts';
import { present } from '../wallet/show.ts';
import { pause } from '../wallet/until-logged.ts';
import type { HeldCredential } from '../wallet/wallet-file.ts';
import { GATE, pullAgain } from './gate.ts';
import { newestDecision, operatorOf } from './people.ts';
import { held, homeOf, type Stage } from './stage.ts';

/** A market in Zhengzhou that the sample's list of places says is at high risk. */
const PLACE = 'CN-HA.zhengzhou.test-market';
const BATCH = 4;
/** From the corrected fact to a batch in the wallet. */
const LONGEST_SECONDS = 5;

/**
 * A person turns red because a carrier's records name a place where they never were. The record is taken back, and the status follows at once.
 *
 * @returns the receipt of the red decision, if there was one
 */
export async function mistakenPlace({ network, folder, tell }: Stage): Promise<string | undefined> {
  tell.chapter('8. In Henan a wrong place turns someone red; the fact is corrected, and the status with it');
  const henan = operatorOf(network, 'CN-HA');
  const { endpoint, issuer } = homeOf(network, 'CN-HA');
  const { subject, code } = await henan.enrol(`TEST-${crypto.randomUUID().slice(0, 18)}`);
  let newest: string | undefined;
  const batch = async (): Promise<HeldCredential[]> => {
    const now = systemNow();
    const ask = { endpoint, issuer, code, scheme: 'health', format: 'dc+sd-jwt', count: BATCH, now } as const;
    const { credentials, receipt } = await requestWithReceipt(ask, { pause, onWait: () => undefined });
    newest = receipt;
    return credentials.map((each) => ({
      ...each,
      scheme: 'health',
      format: ask.format,
      receivedAt: now,
      used: false,
    }));
  };
  const decided = () => newestDecision(endpoint, code, 'health');

  const before = await batch();
  const stay = { source: 'transport-records', scheme: 'health', type: 'stay' } as const;
  const mistake = await henan.report(
    subject,
    { ...stay, fields: { place: PLACE }, hoursAgo: 20 },
    systemNow(),
  );
  const red = await decided();
  tell.check(
    `A carrier's records say: in a market at high risk. Rule ${red.rule} decides: ${red.level}`,
    red.level === 'red',
  );
  const mistaken = await batch();
  const receipt = newest;
  const trustWhileRed = await pullAgain(network, folder);
  tell.verdict('the red one, with its reason disclosed', await show(mistaken, 0, trustWhileRed, REASONS), {
    outcome: 'refused',
  });
  tell.refusal('a green one from before', await show(before, 0, trustWhileRed), 'status-suspended');

  tell.say('The ticket was another passenger’s. The carrier takes the record back.');
  const started = performance.now();
  await henan.retract(stay.source, stay.scheme, subject, mistake, systemNow());
  const corrected = await batch();
  const seconds = (performance.now() - started) / 1000;
  const green = await decided();
  tell.check(
    `Rule ${green.rule} decides: ${green.level}. A batch of ${corrected.length} is in the wallet ${seconds.toFixed(2)} s after the correction`,
    green.level === 'green' && corrected.length === BATCH && seconds <= LONGEST_SECONDS,
  );
  const trust = await pullAgain(network, folder);
  tell.verdict('a green one from after', await show(corrected, 0, trust), { outcome: 'accepted' });
  tell.refusal('a red one, with the next list', await show(mistaken, 1, trust), 'status-suspended');
  return receipt;
}

const REASONS = ['reason', 'evidence'];

async function show(
  wallet: readonly HeldCredential[],
  which: number,
  trust: Trust,
  disclose: readonly string[] = [],
): Promise<Verdict> {
  const now = systemNow();
  return verify(await present(held(wallet, which), { disclose, now }), trust, GATE, now);
}
