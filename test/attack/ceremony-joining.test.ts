import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { writeBundle } from '@symbolon/registry/bundle';
import type { Change } from '@symbolon/registry/ceremony/changes/change';
import { openDraft } from '@symbolon/registry/ceremony/draft';
import { proposeEvent } from '@symbolon/registry/ceremony/event/propose-event';
import { sealEvent } from '@symbolon/registry/ceremony/event/seal-event';
import { signEvent } from '@symbolon/registry/ceremony/event/sign-event';
import { publish, storeFiles } from '@symbolon/registry/ceremony/publish';
import { resignTimestamp } from '@symbolon/registry/ceremony/resign-timestamp';
import type { ClientState } from '@symbolon/registry/client-state';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { readHistory } from '@symbolon/registry/history/read-history';
import { openTrust } from '@symbolon/verifier/open-trust';
import type { Trust } from '@symbolon/verifier/trust';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAccepted, expectNotAuthentic } from '../support/expect-verdict.ts';
import { delegationTo, FIXTURE_NOW, regionSigners, seededSigner } from '../support/federation-fixture.ts';
import { buildLargeFederation, type LargeFederation } from '../support/large-federation.ts';
import { issuerOf, largeRegionFiles } from '../support/large-federation-content.ts';
import { GATE } from '../support/verifier-federation.ts';
import { bind, UNLISTED } from '../support/verifier-showings.ts';

/**
 * Show 5: a 35th province joins a federation of 34 that recognise everyone, by one event and one publication. Nobody else signs anything, and
 * verifiers that hold the registry from before refresh and accept it.
 */

const JOINS = addHours(FIXTURE_NOW, 1);
const ID = 'CN-ND';

let federation: LargeFederation;
let before: ReadonlyMap<string, unknown>;
let oldBundle: Uint8Array<ArrayBuffer>;
let oldState: ClientState;
let published: readonly string[];
/** When the new province's first key begins. */
let begins: Instant;

const region = await regionSigners(ID);
const [credential, status] = [await seededSigner(`${ID} epoch 1`), await seededSigner(`${ID} lists 1`)];

beforeAll(async () => {
  federation = await buildLargeFederation({ provinces: 34, cities: 0 });
  before = new Map(federation.store.files);
  oldBundle = await bundle();
  ({ state: oldState } = await opened(oldBundle, JOINS));

  const named = { id: ID, parent: undefined, names: { en: 'The new one', zh: '新省' } };
  const others = {
    ...region,
    operators: await Promise.all(['a', 'b', 'c'].map((each) => seededSigner(`${ID} ${each}`))),
  };
  const files = largeRegionFiles({ ...named, ...others, variant: 1, epochKeys: [] });
  const addKey = { change: 'add-key', region: ID } as const;
  const changes: readonly Change[] = [
    { change: 'add-region', ...delegationTo(ID, region), files },
    { ...addKey, use: 'credential', jwk: credential.publicJwk },
    { ...addKey, use: 'status', jwk: status.publicJwk },
  ];
  const draft = await openDraft({
    read: federation.store.files,
    pinnedRoot: federation.pinnedRoot,
    now: JOINS,
  });
  const event = await proposeEvent(draft, changes, { title: 'The new province joins', now: JOINS });
  const signers = [...federation.admins.slice(0, 2), ...region.admins.slice(0, 2), region.keys];
  const { snapshot, timestamp } = federation;
  const online = { snapshot: [snapshot], timestamp: [timestamp] };
  const publication = await sealEvent(await signEvent(event, draft, signers), draft, online, JOINS);
  published = [...publication.files.keys()];
  await publish(federation.store, publication);
  begins = addHours(JOINS, 97);
});

async function bundle() {
  return writeBundle(await collectBundle({ read: federation.store.files }));
}

async function opened(file: Uint8Array<ArrayBuffer>, now: Instant, state?: ClientState) {
  return openTrust({ bundle: file, pinnedRoot: federation.pinnedRoot, now, ...(state && { state }) });
}

async function credentialFrom(at: Instant): Promise<string> {
  const sdJwt = await issueSdJwt({
    issuer: issuerOf(ID),
    claims: { ...UNLISTED, issuedAt: at, expiresAt: addHours(at, 6) },
    details: { reason: 'No adverse fact is known', evidence: 'no-adverse-fact', initials: 'A. M.' },
    signer: credential,
    random: insecureRandomFromSeed('the first one'),
  });
  return bind(discloseSdJwt(sdJwt, []), { at });
}

describe('a 35th province joins', () => {
  it('by one publication: its own two roles, targets, a snapshot, and the files that it brings', async () => {
    const names = published.map((path) => path.replace(/[0-9a-f]{64}/, 'HASH')).toSorted();
    expect(names).toEqual([
      `metadata/1.${ID}.json`,
      `metadata/1.${ID}.keys.json`,
      'metadata/2.snapshot.json',
      'metadata/2.targets.json',
      `targets/regions/${ID}/HASH.keys.json`,
      `targets/regions/${ID}/HASH.recognition.json`,
      `targets/regions/${ID}/HASH.region.json`,
      `targets/regions/${ID}/HASH.rules.health.json`,
      `targets/regions/${ID}/HASH.rules.test.json`,
    ]);
    for (const [path, bytes] of before) {
      if (path !== 'metadata/timestamp.json') expect(federation.store.files.get(path)).toBe(bytes);
    }
  });

  it('REQ-KEY-012 with keys that have their lead', async () => {
    const { trust } = await opened(await bundle(), JOINS, oldState);
    const keys = trust.registry.regions[ID]?.keys;
    expect(keys?.map(({ use, notBefore }) => [use, notBefore])).toEqual([
      ['credential', begins],
      ['status', begins],
    ]);
    const early = await credentialFrom(addHours(begins, -1));
    await expectNotAuthentic(early, gate(trust, 'CN-BJ', addHours(begins, -1)), 'key-not-valid-then');
  });

  it('and is recognised by all 34, of whom none signed anything', async () => {
    await sign(begins);
    const first = await credentialFrom(begins);
    const old = (await opened(oldBundle, begins)).trust;
    await expectNotAuthentic(first, gate(old, 'CN-BJ', begins), 'issuer-unknown');
    const { trust, state } = await opened(await bundle(), begins, oldState);
    const regions = Object.keys(trust.registry.regions);
    expect(regions).toHaveLength(35);
    for (const own of regions) await expectAccepted(first, gate(trust, own, begins));
    expect(Object.entries(state.roleVersions).filter(([, version]) => version > 1)).toEqual([
      ['targets.json', 2],
    ]);
  });

  it('and everyone can read in the history who let it in', async () => {
    const { store, pinnedRoot, admins } = federation;
    const { base } = await openDraft({ read: store.files, pinnedRoot, now: begins });
    if (base === undefined) throw new TypeError('nothing published');
    const { entries } = await readHistory(storeFiles(store), base.trust, { limit: 9 });
    const joined = entries.find(({ title }) => title === 'The new province joins');
    expect(joined?.at).toBe(JOINS);
    expect(joined?.roles.map(({ role, signers }) => [role, signers.length])).toEqual([
      [ID, 2],
      [`${ID}.keys`, 1],
      ['targets', 2],
    ]);
    const kids = joined?.roles[2]?.signers.map(({ kid }) => kid).toSorted();
    expect(kids).toEqual(
      admins
        .slice(0, 2)
        .map(({ kid }) => kid)
        .toSorted(),
    );
    expect(joined?.roles[1]?.keys?.added).toEqual([credential.kid, status.kid]);
  });
});

/** The hourly timestamp. */
async function sign(now: Instant): Promise<void> {
  const { store, pinnedRoot, snapshot, timestamp } = federation;
  const signers = { snapshot: [snapshot], timestamp: [timestamp] };
  await publish(store, await resignTimestamp({ read: storeFiles(store), pinnedRoot, signers, now }));
}

function gate(trust: Trust, own: string, now: Instant) {
  return { trust, policy: { ...GATE, region: own }, now };
}
