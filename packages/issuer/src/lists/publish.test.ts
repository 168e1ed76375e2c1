import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { statusAt } from '@symbolon/status/status-list';
import { openStatusListToken, parseStatusListToken } from '@symbolon/status/token';
import { beforeEach, describe, expect, it } from 'vitest';
import { ENTRY } from '../ports.ts';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { NOW, type SamplePublication, samplePublication } from '../testing/sample-publication.ts';
import { publishLists } from './publish.ts';

let sample: SamplePublication;
let stores: MemoryStores;
const HOUR = NOW - (NOW % 3600);
const nextHour = String(HOUR / 3600 + 1);

beforeEach(async () => {
  sample = await samplePublication();
  stores = memoryStores();
});

const publish = (now = NOW, signer = sample.signers[1]) =>
  publishLists(
    stores,
    {
      signer,
      listEntries: 256,
      ttlSeconds: 300,
      resignSeconds: 3600,
      readableSeconds: 98 * 3600,
      issuer: 'https://cn-bj.symbolon.test',
      aheadHours: 4,
    },
    now,
  );

describe('publishing status lists', () => {
  it('publishes the lists of the coming hours before their first credential, so that an older bundle has them', async () => {
    expect(await publish()).toEqual({ lists: 4, published: 4 });
    expect(stores.publisher.index()).toContain(nextHour);
    const { claims } = parseStatusListToken(stores.publisher.files.get(nextHour) ?? '');
    expect(claims).toMatchObject({
      sub: `https://cn-bj.symbolon.test/lists/${nextHour}`,
      iat: NOW,
      ttl: 300,
    });
  });

  it('publishes again only what changed or grows old, or whose key changed', async () => {
    await publish();
    expect(await publish(addSeconds(NOW, 60))).toEqual({ lists: 4, published: 0 });
    const entry = { idx: 9, uri: `https://cn-bj.symbolon.test/lists/${nextHour}` };
    await stores.lists.take(entry, addHours(NOW, 1));
    expect(await publish(addSeconds(NOW, 120))).toEqual({ lists: 4, published: 0 });
    await stores.lists.tighten(entry, ENTRY.invalid);
    expect(await publish(addSeconds(NOW, 180))).toEqual({ lists: 4, published: 1 });
    const list = await openStatusListToken(parseStatusListToken(stores.publisher.files.get(nextHour) ?? ''));
    expect([8, 9, 10].map((index) => statusAt(list, index))).toEqual([0, ENTRY.invalid, 0]);
    expect(await publish(addSeconds(NOW, 240), sample.signers[2])).toEqual({ lists: 4, published: 4 });
    expect((await publish(addSeconds(NOW, 240 + 3599), sample.signers[2])).published).toBe(1);
    expect((await publish(addSeconds(NOW, 240 + 3600), sample.signers[2])).published).toBe(3);
  });
});
