import { IN_PERSON_AUDIENCE, windowNonce } from '@symbolon/credential/model';
import { presentSdJwt } from '@symbolon/credential/sd-jwt/present';
import type { Decision } from '@symbolon/issuer/decision';
import { mintBatch } from '@symbolon/issuer/mint-batch';
import type { Publication } from '@symbolon/issuer/publication';
import { publishLists } from '@symbolon/issuer/publish-lists';
import type { Format } from '@symbolon/issuer/validity';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import type { Signer } from '@symbolon/keys/signer';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, DAY_SECONDS, HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { KeyUse, Region } from '@symbolon/protocol/schemas/region';
import { writeBundle } from '@symbolon/registry/bundle';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { openRegistry } from '@symbolon/registry/open-registry';
import type { RegionView } from '@symbolon/registry/registry-view';
import { listPath } from '@symbolon/registry/status-lists';
import { openTrust } from '@symbolon/verifier/open-trust';
import type { Trust } from '@symbolon/verifier/trust';
import { buildFederation, FIXTURE_NOW, seededSigner } from '../../support/federation-fixture.ts';
import { buildLargeFederation } from '../../support/large-federation.ts';
import { type MemoryPorts, memoryPorts } from './memory-ports.ts';

/** Of the credentials that are minted here, and so of their list. */
const EXPIRES = addHours(FIXTURE_NOW, 24);

/** One in a thousand credentials of a list is revoked. */
const REVOKED = Math.round(LIMITS.statusListEntries / 1000);

/** Green in Beijing for want of any adverse fact: what most people show on most days. */
const DECISION: Decision = {
  subject: 'bench',
  scheme: 'health',
  sequence: 1,
  level: 'green',
  rule: 'clear@1',
  authority: 'cdc',
  evidence: 'no-adverse-fact',
  mode: 'automatic',
  decidedAt: FIXTURE_NOW,
};

/** A gate in Guangdong: another region than the one that issues, so the verdict rests on recognition as well. */
const POLICY: Policy = {
  region: 'CN-GD',
  purpose: 'interregional-travel',
  schemes: ['health'],
  accept: 'health.level == "green" && health.age < duration("24h")',
  onContested: 'referred',
  onBearer: 'accepted',
  requireNonce: false,
};

export interface Minted {
  readonly credential: string;
  readonly holder: Signer;
}

export interface Gate {
  /** What `trust` was opened from. */
  readonly bundle: Bytes;
  readonly pinnedRoot: Bytes;
  readonly trust: Trust;
  readonly policy: Policy;
  readonly now: Instant;
  readonly issuer: RegionView;
  /** Of the issuing region. */
  readonly signer: Signer;
  /** Credentials as the issuer mints them, each for a new holder key. */
  readonly mint: (count: number, format: Format) => Promise<readonly Minted[]>;
  /** What the issuer mints by. */
  readonly ports: MemoryPorts;
  readonly publication: Publication;
  readonly decision: Decision;
  /** SD-JWT+KB in window mode, with nothing disclosed, each of a new credential. */
  readonly present: (count: number) => Promise<readonly string[]>;
}

/** The three regions of the sample, or a country: 34 provinces and 300 cities. */
export type FederationSize = 'sample' | 'country';

/** A federation from the real ceremony, a region that issues in it, and what an offline verifier has of both: a bundle, opened. */
export async function openGate(seed: string, size: FederationSize = 'sample'): Promise<Gate> {
  const { pinnedRoot, files, credential: signer, status } = await federationOf(size);
  const now = addSeconds(FIXTURE_NOW, HOUR_SECONDS / 2);
  const { view } = await openRegistry({ read: files, pinnedRoot, now, expiry: 'offline' });
  const issuer = own(view.regions, 'CN-BJ');
  if (issuer === undefined) throw new Error('the issuing region is missing');
  const random = insecureRandomFromSeed(seed);
  const ports = memoryPorts(DECISION, [signer], random);

  await revokeSome(ports, issuer.region.issuer);
  const lists = await publishedLists(ports, issuer.region, status, now);
  const bundle = await writeBundle(await collectBundle({ read: files, lists }));
  const { trust } = await openTrust({ bundle, pinnedRoot, now });
  const { schemes } = view;
  // Nobody else is minted for here, and the times shall be those of a large class.
  const federation = { ...view.federation, smallestClass: 1 };
  const publication = { ...issuer, schemes, federation, parent: undefined };
  const mint = minter(ports, publication, seed, now);
  const present = async (count: number) => {
    const window = { audience: IN_PERSON_AUDIENCE, nonce: windowNonce(now), now, disclose: [] };
    const minted = await mint(count, 'dc+sd-jwt');
    return Promise.all(
      minted.map(({ credential, holder }) => presentSdJwt({ ...window, sdJwt: credential, holder })),
    );
  };
  return {
    bundle,
    pinnedRoot,
    trust,
    policy: POLICY,
    now,
    issuer,
    signer,
    mint,
    present,
    ports,
    publication,
    decision: DECISION,
  };
}

/** Its files, and the keys with which Beijing signs credentials and lists now. */
async function federationOf(size: FederationSize) {
  if (size === 'sample') {
    const { pinnedRoot, files, regions } = await buildFederation();
    return { pinnedRoot, files, ...regions['CN-BJ'] };
  }
  const { pinnedRoot, store, regions } = await buildLargeFederation();
  const signerFor = (wanted: KeyUse) => {
    const key = regions
      .get('CN-BJ')
      ?.epochKeys.find(
        ({ use, notBefore, notAfter }) =>
          use === wanted && notBefore <= FIXTURE_NOW && FIXTURE_NOW < notAfter,
      );
    if (key === undefined) throw new Error('no key signs now');
    return key.signer;
  };
  return { pinnedRoot, files: store.files, credential: signerFor('credential'), status: signerFor('status') };
}

async function revokeSome({ lists, entries }: MemoryPorts, issuer: string): Promise<void> {
  for (const entry of await entries.take(issuer, EXPIRES, REVOKED)) {
    await lists.flag(entry, 'revoke', EXPIRES);
  }
}

/** Tokens by their place in a bundle. */
async function publishedLists(
  ports: MemoryPorts,
  { region, issuer, did }: Region,
  signer: Signer,
  now: Instant,
): Promise<ReadonlyMap<string, string>> {
  const settings = {
    issuer,
    did,
    signer,
    listEntries: LIMITS.statusListEntries,
    ttlSeconds: 300,
    resignSeconds: 3600,
    readableSeconds: DAY_SECONDS,
    // The one list that is in use is enough.
    aheadHours: 0,
    lifeHours: 24,
    bitstring: false,
  };
  await publishLists(ports, settings, now);
  return new Map([...ports.files].map(([id, token]) => [listPath(region, id), token]));
}

function minter(ports: MemoryPorts, publication: Publication, seed: string, now: Instant): Gate['mint'] {
  let holders = 0;
  const newHolder = () => seededSigner(`${seed} holder ${holders++}`);
  return async (count, format) => {
    const minted: Minted[] = [];
    while (minted.length < count) {
      const length = Math.min(count - minted.length, LIMITS.batchCredentials);
      const batch = await Promise.all(Array.from({ length }, newHolder));
      const holderKeys = batch.map(({ publicJwk }) => publicJwk);
      const request = { decision: DECISION, format, holderKeys };
      const credentials = await mintBatch(ports, publication, request, now);
      for (const [i, credential] of credentials.entries()) {
        const holder = batch[i];
        if (holder !== undefined) minted.push({ credential, holder });
      }
    }
    return minted;
  };
}
