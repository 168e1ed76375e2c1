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
import { requestBatch } from '../wallet/request-batch.ts';
import { present, presentQr } from '../wallet/show.ts';
import type { HeldCredential } from '../wallet/wallet-file.ts';
import { type Narrator, narrator } from './narrator.ts';
import { operatorOf, revokeAll } from './people.ts';
import { cutKeyBinding, flipSignatureBit } from './tamper.ts';

/** What a gate in Guangdong asks for. */
const GATE: Policy = {
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

const BATCH = 8;

/** What the chapters hand on. */
interface Stage {
  readonly network: LocalNetwork;
  readonly folder: DataFolder;
  readonly tell: Narrator;
  readonly print: (text: string) => void;
}

export interface StoryEnd {
  /** Whether every step went as it must. */
  readonly succeeded: boolean;
  /** Of the test person in Beijing, to try more with. */
  readonly enrolmentCode: string;
}

/**
 * Plays the main job with real artefacts: nothing is prepared, every request goes over HTTP to the
 * functions' bundles, and every verdict is made from the gate's own bundle and pinned root.
 */
export async function playStory(
  network: LocalNetwork,
  folder: DataFolder,
  print: (text: string) => void,
): Promise<StoryEnd> {
  const tell = narrator(print);
  const stage = { network, folder, tell, print };
  const holder = await enrolInBeijing(stage);
  const wallet = await fillWallet(stage, holder.code, 'dc+sd-jwt', 'health', BATCH);
  const trust = await pinAtTheGate(stage);
  await recogniseInGuangdong(stage, wallet, trust);
  await refuseWhatIsWrong(stage, wallet, trust);
  await showTestAsJsonLd(stage, holder.code, trust);
  await revokeAndRefuse(stage, wallet, holder.code);
  await changeOfFacts(stage);
  print('');
  tell.say(
    tell.succeeded() ? 'Everything went as it must.' : 'Something did not go as it must: see the ✗ above.',
  );
  return { succeeded: tell.succeeded(), enrolmentCode: holder.code };
}

async function enrolInBeijing({ network, tell }: Stage) {
  tell.chapter('1. Beijing enrols a person, and published rules decide the status');
  const now = systemNow();
  const beijing = operatorOf(network, 'CN-BJ');
  const holder = await beijing.enrol('TEST-CARD-0001');
  const negative = { type: 'pcr', fields: { result: 'negative' }, hoursAgo: 6 };
  const decision = await beijing.report(holder.subject, { scheme: 'health', ...negative }, now);
  await beijing.report(holder.subject, { scheme: 'test', ...negative }, now);
  tell.say('An operator enrols a person by identity card: only a keyed hash of its number is stored.');
  tell.check(
    `A laboratory reports a negative test; rule ${decision.rule} decides: ${decision.level}`,
    decision.level === 'green',
  );
  return holder;
}

async function fillWallet(
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

async function pinAtTheGate({ network, folder, tell }: Stage): Promise<Trust> {
  tell.chapter('3. A gate in Guangdong pins the root and fetches the trust bundle');
  await network.publishNow();
  const path = folder.file('gate-in-guangdong');
  await pinRoot(path, network.registryUrl, { sha256: network.root.sha256 });
  const { trust } = await pullBundle(path, systemNow(), () => undefined);
  const regions = Object.keys(trust.registry.regions);
  tell.say(`Pinned root: sha256 ${network.root.sha256.slice(0, 16)}…, signed by two of three admins.`);
  tell.check(
    `Registry version ${trust.registry.version}: ${regions.join(', ')}; ${trust.lists.size} status lists`,
    regions.length === 3,
  );
  tell.say('From here on the gate is offline.');
  return trust;
}

async function recogniseInGuangdong(
  { tell, print }: Stage,
  wallet: readonly HeldCredential[],
  trust: Trust,
): Promise<void> {
  tell.chapter('4. The person shows a QR code; Guangdong recognises Beijing');
  const now = systemNow();
  const text = await presentQr(at(wallet, 0), trust.registry.dictionary, { disclose: [], now });
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

async function refuseWhatIsWrong(
  { tell }: Stage,
  wallet: readonly HeldCredential[],
  trust: Trust,
): Promise<void> {
  const now = systemNow();
  const text = await present(at(wallet, 1), { disclose: [], now });
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

async function showTestAsJsonLd(stage: Stage, code: string, trust: Trust): Promise<void> {
  const [held] = await fillWallet(stage, code, 'ldp_vc', 'test', 1);
  if (held === undefined) return stage.tell.check('a JSON-LD credential came', false);
  const now = systemNow();
  const text = await present(held, { disclose: [], now });
  stage.tell.verdict(
    'a W3C presentation at a hospital in Guangdong',
    await verify(text, trust, HOSPITAL, now),
    { outcome: 'accepted' },
  );
}

async function revokeAndRefuse(
  { network, folder, tell }: Stage,
  wallet: readonly HeldCredential[],
  code: string,
): Promise<void> {
  tell.chapter('6. The phone is lost: the holder revokes, and the next bundle says so');
  const revoked = await revokeAll(homeOf(network, 'CN-BJ').endpoint, code, 'health');
  tell.check(`${revoked} credentials of this person are revoked`, revoked >= BATCH);
  const trust = await pullAgain(network, folder);
  const now = systemNow();
  const text = await presentQr(at(wallet, 2), trust.registry.dictionary, { disclose: [], now });
  tell.refusal('a revoked credential at the gate', await verify(text, trust, GATE, now), 'status-revoked');
}

async function changeOfFacts({ network, folder, tell }: Stage): Promise<void> {
  tell.chapter('7. In Henan a fact changes: the old status ends, and the new one explains itself');
  const henan = operatorOf(network, 'CN-HA');
  const { endpoint, issuer } = homeOf(network, 'CN-HA');
  const { subject, code } = await henan.enrol(`TEST-CARD-${crypto.randomUUID()}`);
  const ask = { endpoint, issuer, code, scheme: 'health', format: 'dc+sd-jwt', count: 1 } as const;
  const held = async () => {
    const receivedAt = systemNow();
    const [first] = await requestBatch({ ...ask, now: receivedAt });
    return first && { ...first, scheme: 'health', format: 'dc+sd-jwt' as const, receivedAt, used: false };
  };
  const before = await held();
  const contact = { scheme: 'health', type: 'contact', fields: { kind: 'close' }, hoursAgo: 20 };
  const decision = await henan.report(subject, contact, systemNow());
  tell.check(
    `Contact tracing reports a close contact; rule ${decision.rule} decides: ${decision.level}`,
    decision.level === 'red',
  );
  const after = await held();
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

async function pullAgain(network: LocalNetwork, folder: DataFolder): Promise<Trust> {
  await network.publishNow();
  const { trust } = await pullBundle(folder.file('gate-in-guangdong'), systemNow(), () => undefined);
  return trust;
}

function homeOf(network: LocalNetwork, region: LocalNetwork['regions'][number]['region']) {
  const home = network.regions.find((each) => each.region === region);
  if (home === undefined) throw new TypeError('no such region');
  return home;
}

function at(wallet: readonly HeldCredential[], index: number): HeldCredential {
  const held = wallet[index];
  if (held === undefined) throw new TypeError('the batch was too small');
  return held;
}
