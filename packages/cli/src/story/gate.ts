import type { DataFolder } from '@symbolon/local/data-folder';
import type { LocalNetwork } from '@symbolon/local/network';
import { addSeconds } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { createScanner } from '@symbolon/verifier/scanner';
import type { Trust } from '@symbolon/verifier/trust';
import { verify } from '@symbolon/verifier/verify';
import { systemNow } from '../clock.ts';
import { qrTerminal, qrVersion } from '../qr/write-image.ts';
import { pinRoot, pullBundle } from '../trust/pull.ts';
import { present, presentQr } from '../wallet/show.ts';
import type { HeldCredential } from '../wallet/wallet-file.ts';
import { fillWallet } from './issuing.ts';
import { held, type Stage } from './stage.ts';
import { cutKeyBinding, flipSignatureBit } from './tamper.ts';

/** What a gate in Guangdong asks for. */
export const GATE: Policy = {
  region: 'CN-GD',
  purpose: 'venue-entry',
  schemes: ['health'],
  accept: 'health.level == "green"',
  onContested: 'referred',
  onBearer: 'referred',
  requireNonce: false,
};
/** At a hospital, a recent negative test counts. */
const HOSPITAL: Policy = {
  ...GATE,
  purpose: 'hospital-visit',
  schemes: ['test'],
  accept: 'test.level == "negative" && test.age < duration("48h")',
};

export async function pinAtTheGate({ network, folder, tell }: Stage): Promise<Trust> {
  tell.chapter('3. A gate in Guangdong pins the root and fetches the trust bundle');
  await network.publishNow();
  const path = folder.file('gate-in-guangdong');
  await pinRoot(path, network.registryUrl, { sha256: network.root.sha256 });
  const { trust } = await pullBundle(path, systemNow(), () => undefined);
  const regions = Object.keys(trust.registry.regions);
  tell.say(`Pinned root: sha256 ${network.root.sha256.slice(0, 16)}…, signed by two of three admins.`);
  tell.check(
    `Registry version ${trust.registry.version}: ${regions.join(', ')}; ${trust.lists.size} status lists`,
    network.regions.every(({ region }) => regions.includes(region)),
  );
  tell.say('From here on the gate is offline.');
  return trust;
}

export async function pullAgain(network: LocalNetwork, folder: DataFolder): Promise<Trust> {
  await network.publishNow();
  const { trust } = await pullBundle(folder.file('gate-in-guangdong'), systemNow(), () => undefined);
  return trust;
}

export async function recogniseInGuangdong(
  { tell, print }: Stage,
  wallet: readonly HeldCredential[],
  trust: Trust,
): Promise<void> {
  tell.chapter('4. The person shows a QR code; Guangdong recognises Beijing');
  const now = systemNow();
  const text = await presentQr(held(wallet, 0), trust.registry.dictionary, { disclose: [], now });
  print(qrTerminal(text));
  tell.say(
    `QR version ${qrVersion(text)} at error correction M, ${text.length} characters: credential and proof of possession.`,
  );
  const scanner = createScanner(GATE);
  tell.verdict('at the gate', await scanner.scan(text, trust, now), { outcome: 'accepted' });
  tell.refusal('the same code again at this gate', await scanner.scan(text, trust, now), 'replayed');
  tell.refusal(
    'the same code two minutes later',
    await verify(text, trust, GATE, addSeconds(now, 120)),
    'binding-stale',
  );
}

export async function refuseWhatIsWrong(
  { tell }: Stage,
  wallet: readonly HeldCredential[],
  trust: Trust,
): Promise<void> {
  const now = systemNow();
  const text = await present(held(wallet, 1), { disclose: [], now });
  tell.refusal(
    'with one bit flipped',
    await verify(flipSignatureBit(text), trust, GATE, now),
    'signature-invalid',
  );
  tell.refusal(
    'with the key binding cut off',
    await verify(cutKeyBinding(text), trust, GATE, now),
    'binding-missing',
  );
}

export async function showTestAsJsonLd(stage: Stage, code: string, trust: Trust): Promise<void> {
  const [received] = await fillWallet(stage, code, 'ldp_vc', 'test', 1);
  if (received === undefined) return stage.tell.check('a JSON-LD credential came', false);
  const now = systemNow();
  const text = await present(received, { disclose: [], now });
  stage.tell.verdict(
    'a W3C presentation at a hospital in Guangdong',
    await verify(text, trust, HOSPITAL, now),
    { outcome: 'accepted' },
  );
}
