import { splitSdJwt } from '@symbolon/credential/sd-jwt/compact';
import type { Decision } from '@symbolon/issuer/decision';
import { endLivingCredentials } from '@symbolon/issuer/end-credentials';
import { type EntryAllocator, entryAllocator } from '@symbolon/issuer/entry-allocator';
import { memoryStores } from '@symbolon/issuer/memory-stores';
import { type MintPorts, mintBatch } from '@symbolon/issuer/mint-batch';
import { publishLists } from '@symbolon/issuer/publish-lists';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { addHours, addSeconds, hourFloor, type Instant } from '@symbolon/protocol/instant';
import type { RandomBytes } from '@symbolon/protocol/random';
import { statusAt } from '@symbolon/status/status-list';
import { openStatusListToken, parseStatusListToken } from '@symbolon/status/token';
import {
  NOW,
  SAMPLE_ISSUER,
  type SamplePublication,
} from '../../packages/issuer/src/testing/sample-publication.ts';

export const WALLETS = 100;
export const HOURS = 10;
export const BATCH = 3;
/** Hours in which wallets were sampled: the class of a wallet has its own with it, as gates ask for an age. */
export const SAMPLE_HOURS = 3;
const LIST_ENTRIES = 8192;
const TTL = 300;
const START = hourFloor(NOW);

/** What verifiers who put everything together see of one credential, and whose it is, which they do not. */
export interface Seen {
  readonly wallet: number;
  /** Which hour it was minted in: everyone of the class has it. */
  readonly hour: number;
  /** Which hour it was sampled in: everyone of the class has it. */
  readonly sampleHour: number;
  /** The payload as it was signed. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly idx: number;
  readonly list: string;
  /** Of every disclosure. */
  readonly salts: readonly Uint8Array[];
  /** The one in the payload, then those inside `details`. */
  readonly digests: readonly Uint8Array[];
  /** The first publication of its list that showed its entry changed. */
  flippedAt: number | undefined;
}

/** What an issuer might do wrong. Each is for a distinguisher to find. */
export interface Leaks {
  readonly entries?: (stores: { readonly random: RandomBytes }) => EntryAllocator;
  /** The randomness of one batch. */
  readonly random?: (fair: RandomBytes) => RandomBytes;
  readonly payload?: (payload: Record<string, unknown>, wallet: number) => Record<string, unknown>;
}

/**
 * A thousand batches by the real minting: a hundred wallets of one class but for the sample's hour, each with a batch in every hour, in another order each hour and by three processes
 * in turn. In the last hours five wallets at a time are withdrawn, and lists are published in their steps.
 */
export async function mintedWorld(sample: SamplePublication, leaks: Leaks = {}): Promise<Seen[]> {
  const stores = memoryStores();
  const random = insecureRandomFromSeed('unlinkable');
  const allocator = () =>
    leaks.entries?.({ random }) ?? entryAllocator({ lists: stores.lists, random, listEntries: LIST_ENTRIES });
  const processes = leaks.entries === undefined ? [allocator(), allocator(), allocator()] : [allocator()];
  const ports: Omit<MintPorts, 'entries' | 'random'> = {
    ...stores,
    signers: sample.signers,
  };
  const seen: Seen[] = [];
  let minted = 0;
  for (let hour = 0; hour < HOURS; hour++) {
    for (const wallet of inRandomOrder(WALLETS, random)) {
      const entries = processes[minted++ % processes.length];
      if (entries === undefined) throw new Error('no process');
      const now = addSeconds(START, hour * 3600 + Math.floor((3600 * minted) / 1000 / HOURS));
      const order = {
        decision: await decisionOf(stores, wallet, now),
        format: 'dc+sd-jwt',
        holderKeys: Array.from({ length: BATCH }, (_, i) => holderKey(`${wallet} ${hour} ${i}`)),
      } as const;
      const own = leaks.random?.(random) ?? random;
      const texts = await mintBatch({ ...ports, entries, random: own }, sample.publication, order, now);
      seen.push(...texts.map((text) => seenOf(text, wallet, hour, leaks)));
    }
  }
  await withdrawSome(stores, sample, seen, random);
  return seen;
}

/** The sample was taken at a time of one's own within the hour: what is rounded must not tell. */
async function decisionOf(
  { decisions }: ReturnType<typeof memoryStores>,
  wallet: number,
  now: Instant,
): Promise<Decision> {
  const subject = `wallet ${wallet}`;
  const before = await decisions.newest(subject, 'health');
  const decision: Decision = {
    subject,
    scheme: 'health',
    sequence: (before?.sequence ?? 0) + 1,
    level: 'green',
    rule: 'tested@1',
    authority: 'cdc',
    evidence: 'laboratory',
    mode: 'automatic',
    decidedAt: now,
    sampledAt: addSeconds(addHours(START, -3 - sampleHourOf(wallet)), wallet * 31),
  };
  await decisions.append(decision);
  return decision;
}

/** Of a wallet, in hours before the last one in which any was sampled. */
function sampleHourOf(wallet: number): number {
  return wallet % SAMPLE_HOURS;
}

function seenOf(text: string, wallet: number, hour: number, leaks: Leaks): Seen {
  const { jwt, disclosures } = splitSdJwt(text);
  const payload = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
  const opened = disclosures.map((each) => JSON.parse(Buffer.from(each, 'base64url').toString()));
  const inner: string[] = opened.flatMap(([, , value]) => value._sd ?? []);
  const { idx, uri } = payload.status.status_list;
  return {
    wallet,
    hour,
    sampleHour: sampleHourOf(wallet),
    payload: leaks.payload?.(payload, wallet) ?? payload,
    idx,
    list: uri,
    salts: opened.map(([salt]) => decodeBase64url(salt)),
    digests: [...payload._sd, ...inner].map(decodeBase64url),
    flippedAt: undefined,
  };
}

async function withdrawSome(
  stores: ReturnType<typeof memoryStores>,
  { signers, publication }: SamplePublication,
  seen: readonly Seen[],
  random: RandomBytes,
): Promise<void> {
  const settings = {
    signer: signers[1],
    listEntries: LIST_ENTRIES,
    ttlSeconds: TTL,
    resignSeconds: 3600,
    readableSeconds: 98 * 3600,
    issuer: SAMPLE_ISSUER,
    did: publication.region.did,
    aheadHours: 0,
    lifeHours: 24,
    bitstring: false,
  };
  const wallets = inRandomOrder(WALLETS, random);
  for (let step = 0; step * 5 < WALLETS; step++) {
    const now = addSeconds(addHours(START, HOURS), step * TTL);
    for (const wallet of wallets.slice(step * 5 - 5, step * 5)) {
      await endLivingCredentials(stores, `wallet ${wallet}`, 'health', now, 'suspend');
    }
    await publishLists(stores, settings, now);
    await noteFlips(stores.publisher.files, seen, step);
  }
}

async function noteFlips(
  files: ReadonlyMap<string, string>,
  seen: readonly Seen[],
  step: number,
): Promise<void> {
  for (const [id, text] of files) {
    const list = await openStatusListToken(parseStatusListToken(text));
    for (const each of seen) {
      if (each.flippedAt !== undefined || !each.list.endsWith(`/${id}`)) continue;
      if (statusAt(list, each.idx) !== 0) each.flippedAt = step;
    }
  }
}

function inRandomOrder(count: number, random: RandomBytes): number[] {
  const numbers = new DataView(random(4 * count).buffer);
  return Array.from({ length: count }, (_, i) => i).toSorted(
    (a, b) => numbers.getUint32(4 * a) - numbers.getUint32(4 * b),
  );
}

/** Made once: the same holders are minted for in every world. */
const keys = new Map<string, ReturnType<typeof publicPart>>();
function holderKey(name: string): ReturnType<typeof publicPart> {
  const key = keys.get(name) ?? publicPart(insecurePrivateKeyFromSeed('ES256', `holder ${name}`));
  keys.set(name, key);
  return key;
}
