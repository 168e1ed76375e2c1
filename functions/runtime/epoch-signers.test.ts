import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EpochKeys } from '@symbolon/issuer/ports';
import { type Publication, signerFor } from '@symbolon/issuer/publication';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { fileEpochKeys } from '@symbolon/local/files/epoch-keys';
import { SAMPLE_FEDERATION } from '@symbolon/local/sample/federation';
import { sampleRegion } from '@symbolon/local/sample/regions';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, addSeconds, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { Federation } from '@symbolon/protocol/schemas/federation';
import { Region, type RegionKey } from '@symbolon/protocol/schemas/region';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { epochSigners } from './epoch-signers.ts';

const NOW = parseInstant('2026-09-07T08:20:30Z');
const HOUR = parseInstant('2026-09-07T08:00:00Z');
let folder: string;
let stored: EpochKeys;
/** What the function does with the keys, and a fault for it to meet. */
let asked: string[];
let fault: SymbolonError | undefined;
let lines: object[];
let kids: readonly [string, string, string];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-epoch-signers-'));
  stored = fileEpochKeys(pathToFileURL(`${folder}/`), 'passphrase');
  kids = [await stored.make('status'), await stored.make('status'), await stored.make('status')];
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  asked = [];
  lines = [];
  fault = undefined;
});

const watched = (): EpochKeys => ({
  ...stored,
  open: async (use, kid) => {
    asked.push(kid);
    if (fault !== undefined) throw fault;
    return stored.open(use, kid);
  },
});
const source = (fixed: readonly Signer[] = []) =>
  epochSigners({
    use: 'status',
    fixed,
    keys: watched(),
    log: (event, fields) => lines.push({ event, ...fields }),
  });
const kidsOf = (signers: readonly Signer[]) => signers.map(({ kid }) => kid).toSorted();

/** An epoch begins every `hours`; each key is known for three. */
function published(
  epochs: readonly (readonly [kid: string, notBefore: Instant])[],
  more: Partial<RegionKey> = {},
) {
  const { publicJwk: jwk } = FIXED;
  const keys = epochs.map(
    ([kid, notBefore]): RegionKey => ({
      kid,
      use: 'status',
      alg: 'ES256',
      jwk,
      notBefore,
      notAfter: addHours(notBefore, 504),
      ...more,
    }),
  );
  return {
    region: REGION,
    keys,
    schemes: {},
    ruleSets: {},
    placeLists: {},
    federation: FEDERATION,
    parent: undefined,
  } satisfies Publication;
}
const REGION = check(
  Region,
  sampleRegion('CN-BJ', { endpoint: 'https://cn-bj.symbolon.test' }),
  'region-malformed',
);
const FEDERATION = check(Federation, SAMPLE_FEDERATION, 'metadata-malformed');
const FIXED = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'fixed'));

describe('the keys of epochs in a function', () => {
  it("REQ-ISS-017 a warm function takes up the next epoch's key when it is published, opens each once, and lets go of what has ended", async () => {
    const signersOf = source();
    const [first, second, third] = kids;
    const before = published([[first, addHours(HOUR, -168)]]);
    expect(kidsOf(await signersOf(before, NOW))).toEqual([first]);
    const after = published([
      [first, addHours(HOUR, -168)],
      [second, HOUR],
      [third, addHours(HOUR, 168)],
    ]);
    expect(kidsOf(await signersOf(after, NOW))).toEqual([...kids].toSorted());
    await signersOf(after, addSeconds(NOW, 3600));
    expect(asked).toEqual([first, second, third]);
    const signedAt = async (at: Instant) =>
      signerFor(after, 'status', at, await signersOf(after, at)).signer.kid;
    expect([await signedAt(NOW), await signedAt(addHours(NOW, 168))]).toEqual([first, second]);
    expect(kidsOf(await signersOf(after, addHours(HOUR, 336)))).toEqual([second, third].toSorted());
    expect(asked).toHaveLength(3);
    expect(lines).toEqual([]);
  });

  it('REQ-KEY-005 a key that was revoked is let go of, and not opened again', async () => {
    const signersOf = source();
    const [first] = kids;
    await signersOf(published([[first, HOUR]]), NOW);
    const revoked = published([[first, HOUR]], { revoked: { since: HOUR, reason: 'leaked' } });
    expect(await signersOf(revoked, NOW)).toEqual([]);
    expect(asked).toEqual([first]);
  });

  it('a key that does not open is told, tried again after a minute, and keeps no other from signing', async () => {
    const signersOf = source();
    const [first, second] = kids;
    const publication = published([[first, HOUR]]);
    await signersOf(publication, NOW);
    const both = published([
      [first, HOUR],
      [second, HOUR],
      ['AAAAAAAAAAA', HOUR],
    ]);
    fault = new SymbolonError('storage-failed');
    for (const seconds of [0, 30, 59])
      expect(kidsOf(await signersOf(both, addSeconds(NOW, seconds)))).toEqual([first]);
    expect(lines).toHaveLength(2);
    fault = undefined;
    expect(kidsOf(await signersOf(both, addSeconds(NOW, 60)))).toEqual([first, second].toSorted());
    expect(lines).toEqual([
      { event: 'key.unopened', kid: second, code: 'storage-failed' },
      { event: 'key.unopened', kid: 'AAAAAAAAAAA', code: 'storage-failed' },
      { event: 'key.unopened', kid: 'AAAAAAAAAAA', code: 'issuer-key-unavailable' },
    ]);
  });

  it('many requests at once open a key once', async () => {
    const signersOf = source();
    const publication = published([[kids[0], HOUR]]);
    const all = await Promise.all(Array.from({ length: 8 }, () => signersOf(publication, NOW)));
    expect(all.map(kidsOf)).toEqual(Array.from({ length: 8 }, () => [kids[0]]));
    expect(asked).toEqual([kids[0]]);
  });

  it('however many keys are published, eight are opened: those that may sign first', async () => {
    const many = Array.from({ length: 20 }, (_, i) => `${String(i).padStart(2, '0')}AAAAAAAAA`);
    await source()(published(many.map((kid, i) => [kid, addHours(HOUR, 168 * (i - 2))])), NOW);
    expect(asked).toEqual(many.slice(0, 8).toSorted(bySigning));
  });

  it('keys that the configuration names are there too, and are not looked for', async () => {
    const signersOf = source([FIXED]);
    const publication = published([
      [FIXED.kid, HOUR],
      [kids[0], HOUR],
    ]);
    expect(kidsOf(await signersOf(publication, NOW))).toEqual([FIXED.kid, kids[0]].toSorted());
    expect(asked).toEqual([kids[0]]);
  });
});

/** Of three that have begun the second signs, then the first, then the third. */
function bySigning(a: string, b: string): number {
  const order = ['01', '00', '02'];
  const rank = (kid: string) =>
    order.includes(kid.slice(0, 2)) ? order.indexOf(kid.slice(0, 2)) : Number(kid.slice(0, 2));
  return rank(a) - rank(b);
}
