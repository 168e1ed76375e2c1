import { systemRandom } from '@symbolon/protocol/random';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { createScanner } from '@symbolon/verifier/scanner';
import type { Trust } from '@symbolon/verifier/trust';
import { openVenueCode, policyOfVenue } from '@symbolon/verifier/venue';
import { verify } from '@symbolon/verifier/verify';
import { systemNow } from '../clock.ts';
import { signVenueCode } from '../venue/sign-venue-code.ts';
import { requestBatch } from '../wallet/request-batch.ts';
import { presentTogetherAsQr } from '../wallet/show.ts';
import type { HeldCredential } from '../wallet/wallet-file.ts';
import { GATE } from './gate.ts';
import { held, homeOf, type Stage } from './stage.ts';

/** What the station asks for: a status and a recent test, of one person. */
const STATION: Policy = {
  ...GATE,
  schemes: ['health', 'test'],
  accept: 'health.level == "green" && test.level == "negative" && test.age < duration("48h")',
};

/** The station's code tells the wallet who asks for what; the wallet answers with two statuses of one key. */
export async function answerAStation(
  { network, tell }: Stage,
  wallet: readonly HeldCredential[],
  code: string,
  trust: Trust,
): Promise<void> {
  tell.chapter('6. A station in Guangdong asks by a code of its own, and two statuses of one person answer');
  const now = systemNow();
  const signer = await network.signerOf('CN-GD.venue');
  const order = { region: 'CN-GD', venue: 'central-station', policy: STATION, hours: 24 };
  const { text } = await signVenueCode(order, signer, trust, now, systemRandom);
  const asked = await openVenueCode(text, trust, now);
  tell.say(
    `The wallet reads the code: ${asked.region} asks for ${asked.schemes.join(' and ')}, for ${asked.purpose}.`,
  );

  const health = held(wallet, 3);
  const stranger = held(wallet, 4);
  const both = [health, await testWithKeyOf(health, network, code)];
  const policy = policyOfVenue(asked);
  const { venue } = policy;
  const options = { disclose: [], now, ...(venue !== undefined && { venue }) };
  const show = (statuses: readonly HeldCredential[]) =>
    presentTogetherAsQr(statuses, trust.registry.dictionary, options);
  const scanner = createScanner(policy);
  const shown = await show(both);
  tell.verdict('at the station', await scanner.scan(shown, trust, now), { outcome: 'accepted' });
  const pooled = await show([stranger, ...both.slice(1)]);
  tell.refusal(
    'the test, beside another key’s status',
    await verify(pooled, trust, policy, now),
    'holders-differ',
  );
  tell.refusal(
    'the answer, at the gate of chapter 4',
    await verify(shown, trust, GATE, now),
    'binding-audience',
  );
}

async function testWithKeyOf(
  { key }: HeldCredential,
  network: Stage['network'],
  code: string,
): Promise<HeldCredential> {
  const { endpoint, issuer } = homeOf(network, 'CN-BJ');
  const now = systemNow();
  const order = { endpoint, issuer, code, scheme: 'test', format: 'dc+sd-jwt', keys: [key], now } as const;
  const [received] = await requestBatch(order);
  if (received === undefined) throw new TypeError('no test came');
  return { ...received, scheme: 'test', format: 'dc+sd-jwt', receivedAt: now, used: false };
}
