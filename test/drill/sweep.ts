import { addHours, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { writeBundle } from '@symbolon/registry/bundle';
import { openDraft, withRoot } from '@symbolon/registry/ceremony/draft';
import { publish } from '@symbolon/registry/ceremony/publish';
import { rotateRoot } from '@symbolon/registry/ceremony/root';
import { seal } from '@symbolon/registry/ceremony/seal';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { openTrust } from '@symbolon/verifier/open-trust';
import type { Trust } from '@symbolon/verifier/trust';
import { verify } from '@symbolon/verifier/verify';
import { FIXTURE_NOW, keysFile, seededSigner } from '../support/federation-fixture.ts';
import { buildLargeFederation } from '../support/large-federation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { gateIn, showStatus } from './showings.ts';

/** One bundle, and a clock that runs on over it: how long a verifier goes by what it has. */
export const SWEEP_DAYS = 30;

export interface SweepOptions {
  readonly title: string;
  /** Hours that are left of the region's keys role; its usual life when left out. */
  readonly regionHours?: number;
  /** Hours that are left of root; its usual life when left out. */
  readonly rootHours?: number;
}

/** Hours `from` to before `until`, with one outcome in all of them. */
export interface Band extends Outcome {
  readonly from: number;
  readonly until: number;
}

export interface Sweep {
  readonly title: string;
  readonly bands: readonly Band[];
}

export const SWEEPS: readonly SweepOptions[] = [
  { title: 'All was signed in that hour' },
  { title: 'A region with 50 h left, root with 72 h', regionHours: 50, rootHours: 72 },
];

/** A fresh credential in every hour, against the bundle of hour 0. */
export async function runSweep(options: SweepOptions): Promise<Sweep> {
  const { trust, region, signer } = await bundledWorld(options);
  const bands: Band[] = [];
  for (let hour = 0; hour <= SWEEP_DAYS * 24; hour++) {
    const now = addHours(FIXTURE_NOW, hour);
    const presentation = await showStatus(region, signer, now, now);
    const found = outcomeOf(await verify(presentation, trust, gateIn(region), now));
    const last = bands.at(-1);
    const same = last?.outcome === found.outcome && last.codes === found.codes;
    if (same) bands.pop();
    bands.push({ ...found, from: same ? last.from : hour, until: hour + 1 });
  }
  return { title: options.title, bands };
}

async function bundledWorld({ regionHours, rootHours }: SweepOptions) {
  const now = FIXTURE_NOW;
  const { pinnedRoot, store, admins, snapshot, timestamp, regions } = await buildLargeFederation({
    provinces: 1,
    cities: 0,
    now: addHours(now, -1),
  });
  const [region] = regions.values();
  if (region === undefined) throw new RangeError('no region');
  const { id } = region;
  let draft = await openDraft({ read: store.files, pinnedRoot, now });
  if (rootHours !== undefined) {
    const current = draft.trust.root.bytes;
    const signers = admins.slice(0, 2);
    draft = await withRoot(
      draft,
      await rotateRoot({ current, roles: {}, signers, now, expires: addHours(now, rootHours) }),
    );
  }
  const signer = await seededSigner('sweep credential');
  // The longest window that there is, so that the key is not what ends the sweep.
  const window = { notBefore: hourFloor(now), notAfter: addHours(hourFloor(now), 31 * 24) };
  const put = keysFile(id, [{ signer, use: 'credential', ...window }]);
  const expires: { readonly expires?: Instant } =
    regionHours === undefined ? {} : { expires: addHours(now, regionHours) };
  draft = await updateRole(draft, { role: `${id}.keys`, put, ...expires }, [region.keys], now);
  await publish(store, await seal(draft, { snapshot: [snapshot], timestamp: [timestamp] }, now));
  const bundle = await writeBundle(await collectBundle({ read: store.files }));
  const trust: Trust = (await openTrust({ bundle, pinnedRoot, now })).trust;
  return { trust, region: id, signer };
}

/** The grades of a registry's age, in hours, as the sample federation has them. */
const GRADES = { warn: 26, refer: 96, block: 240 };
const KEYS_ROLE_HOURS = 14 * 24;

/** What a sweep must show, from the rules alone (protocol, section 4). */
export function expectedBands({
  regionHours = KEYS_ROLE_HOURS,
  rootHours = Infinity,
}: SweepOptions): readonly Band[] {
  const end = SWEEP_DAYS * 24 + 1;
  const edges = [0, ...Object.values(GRADES), regionHours, rootHours].filter((hour) => hour < end);
  const from = [...new Set(edges)].toSorted((a, b) => a - b);
  return from.map((hour, i) => {
    const expired = [
      ...(hour >= regionHours ? ['region-expired'] : []),
      ...(hour >= rootHours ? ['registry-expired'] : []),
    ];
    const stale = hour >= GRADES.block ? ['stale-block'] : hour >= GRADES.refer ? ['stale-refer'] : [];
    const codes = [...expired, ...stale];
    const outcome = hour >= GRADES.block ? 'refused' : codes.length > 0 ? 'referred' : 'accepted';
    const shown = outcome === 'accepted' && hour >= GRADES.warn ? ['stale-warn'] : codes;
    return { outcome, codes: shown.join(' '), from: hour, until: from[i + 1] ?? end } as const;
  });
}
