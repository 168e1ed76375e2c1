import { gzipSync } from 'node:zlib';
import { entryAllocator } from '@symbolon/issuer/entry-allocator';
import { memoryStores } from '@symbolon/issuer/memory-stores';
import { type PublishSettings, publishLists } from '@symbolon/issuer/publish-lists';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { addHours, addSeconds, HOUR_SECONDS, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { packCompact } from '@symbolon/status/compact-entries';
import { statusAt } from '@symbolon/status/status-list';
import { openStatusListToken, parseStatusListToken } from '@symbolon/status/token';
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
  /** The signed tokens as a bundle carries them: one GZIP stream, which takes back only a part of what two layers of base64url add. */
  readonly bundledBytes: number;
}

/**
 * What a verifier downloads of a region's lists: every fourth of the next 24 hours, each of the largest size, with a share of its entries suspended, and with
 * its decoys, as the issuer publishes them.
 */
export async function dailyLists(share: number): Promise<DailyLists> {
  const texts: string[] = [];
  for (const hour of HOURS) texts.push(...(await publishedList(addHours(NOW, hour), share)));
  let listBytes = 0;
  let compactBytes = 0;
  for (const token of texts.map(parseStatusListToken)) {
    listBytes += decodeBase64url(token.claims.status_list.lst).length;
    const list = await openStatusListToken(token);
    compactBytes += packCompact(
      Uint8Array.from({ length: list.size }, (_, i) => statusAt(list, i) ?? 0),
    ).length;
  }
  return {
    listBytes,
    compactBytes,
    bundledBytes: gzipSync(texts.join('\n'), { level: 9 }).length,
  };
}

/** What no lists of so many random indices can stay below: log2 of the ways to choose them, in bytes. */
export function dailyEntropyBytes(share: number): number {
  let bits = 0;
  for (let i = 0; i < withdrawn(share); i++) bits += Math.log2((LIMITS.statusListEntries - i) / (i + 1));
  return (HOURS.length * bits) / 8;
}

/** The stores are given up after each list: a million flags are a hundred megabytes. */
async function publishedList(expiresAt: Instant, share: number): Promise<readonly string[]> {
  const { lists, publisher } = memoryStores();
  const random = insecureRandomFromSeed(`lists ${share} ${expiresAt}`);
  const allocator = entryAllocator({ lists, random, listEntries: LIMITS.statusListEntries });
  for (const entry of await allocator.take(ISSUER, expiresAt, withdrawn(share))) {
    await lists.flag(entry, 'suspend', expiresAt);
  }
  const settings = await settingsFor(0);
  await publishLists({ lists, publisher }, settings, addSeconds(NOW, -300));
  return [...publisher.files.values()];
}

/** What lists that are published ahead of their first credential add, for each of them. */
export async function listAheadBytes(): Promise<number> {
  const { lists, publisher } = memoryStores();
  const settings = await settingsFor(AHEAD_HOURS);
  await publishLists({ lists, publisher }, settings, NOW);
  return gzipSync([...publisher.files.values()].join('\n'), { level: 9 }).length / AHEAD_HOURS;
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
