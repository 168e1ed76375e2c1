import { gzipSync } from 'node:zlib';
import { entryAllocator } from '@symbolon/issuer/entry-allocator';
import { memoryStores } from '@symbolon/issuer/memory-stores';
import { type PublishSettings, publishLists } from '@symbolon/issuer/publish-lists';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { addHours, addSeconds, HOUR_SECONDS, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { parseCompactList } from '@symbolon/status/compact-list';
import { parseStatusListToken } from '@symbolon/status/token';
import { FIXTURE_NOW, seededSigner } from '../../support/federation-fixture.ts';

const ISSUER = 'https://cn-bj.symbolon.test';
const NOW = hourFloor(FIXTURE_NOW);
const HOURS = [4, 8, 12, 16, 20, 24];
const LIFE_HOURS = 24;
const AHEAD_HOURS = 96;

export interface DailyLists {
  /** The compressed lists by themselves. */
  readonly listBytes: number;
  /** The same entries, gap-coded. */
  readonly compactBytes: number;
  /** The signed compact lists, as a bundle would carry them: one GZIP stream. */
  readonly compactDownloadBytes: number;
  /** The signed tokens as a bundle carries them: one GZIP stream, which takes back only a part of what two layers of base64url add. */
  readonly bundledBytes: number;
}

/**
 * What a verifier downloads of a region's lists: every fourth of the next 24 hours, each of the largest size, with a share of its entries suspended, and with
 * its decoys, as the issuer publishes them.
 */
export async function dailyLists(share: number): Promise<DailyLists> {
  const texts: string[] = [];
  const compactTexts: string[] = [];
  for (const hour of HOURS) {
    for (const [id, text] of await publishedList(addHours(NOW, hour), share))
      (id.endsWith('.compact') ? compactTexts : texts).push(text);
  }
  let listBytes = 0;
  for (const token of texts.map(parseStatusListToken))
    listBytes += decodeBase64url(token.claims.status_list.lst).length;
  return {
    listBytes,
    compactBytes: compactTexts.reduce((sum, text) => sum + parseCompactList(text).packed.length, 0),
    compactDownloadBytes: bundled(compactTexts),
    bundledBytes: bundled(texts),
  };
}

function bundled(texts: readonly string[]): number {
  return gzipSync(texts.join('\n'), { level: 9 }).length;
}

/** What no lists of so many random indices can stay below: log2 of the ways to choose them, in bytes. */
export function dailyEntropyBytes(share: number): number {
  let bits = 0;
  for (let i = 0; i < withdrawn(share); i++) bits += Math.log2((LIMITS.statusListEntries - i) / (i + 1));
  return (HOURS.length * bits) / 8;
}

/** The stores are given up after each list: a million flags are a hundred megabytes. */
async function publishedList(expiresAt: Instant, share: number): Promise<ReadonlyMap<string, string>> {
  const { lists, publisher } = memoryStores();
  const random = insecureRandomFromSeed(`lists ${share} ${expiresAt}`);
  const allocator = entryAllocator({ lists, random, listEntries: LIMITS.statusListEntries });
  for (const entry of await allocator.take(ISSUER, expiresAt, withdrawn(share))) {
    await lists.flag(entry, 'suspend', expiresAt);
  }
  const settings = { ...(await settingsFor(0)), compact: true };
  await publishLists({ lists, publisher }, settings, addSeconds(NOW, -300));
  return publisher.files;
}

/** What lists that are published ahead of their first credential add, for each of them. */
export async function listAheadBytes(): Promise<number> {
  const { lists, publisher } = memoryStores();
  const settings = await settingsFor(AHEAD_HOURS);
  await publishLists({ lists, publisher }, settings, NOW);
  return bundled([...publisher.files.values()]) / AHEAD_HOURS;
}

async function settingsFor(aheadHours: number): Promise<PublishSettings> {
  return {
    signer: await seededSigner('published list'),
    issuer: ISSUER,
    did: 'did:web:cn-bj.symbolon.test',
    listEntries: LIMITS.statusListEntries,
    ttlSeconds: 300,
    resignSeconds: HOUR_SECONDS,
    readableSeconds: 100 * HOUR_SECONDS,
    aheadHours,
    lifeHours: LIFE_HOURS,
    bitstring: false,
  };
}

function withdrawn(share: number): number {
  return Math.round(LIMITS.statusListEntries * share);
}
