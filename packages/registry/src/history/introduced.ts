import { own } from '@symbolon/protocol/own';
import type { PublishedItem } from '@symbolon/protocol/schemas/leaf';
import { regionOfRole } from '../metadata/delegations.ts';
import type { TargetsMetadata } from '../metadata/metadata.ts';
import { concurrently } from '../registry-view/concurrently.ts';
import { ruleSchemeOfFile } from '../registry-view/owners.ts';
import type { ReadFile } from '../registry-view/source.ts';
import type { Then } from './authority-then.ts';
import { type DelegatedThen, delegatedThen, isKeysRole, touchedBy } from './delegated-then.ts';
import { keysThen, rulesThen } from './listed-then.ts';
import { unlessDamaged } from './unless-damaged.ts';

const NONE: DelegatedThen = { keyids: new Map(), metadata: new Map() };
const TOP_ROLES = ['root', 'targets', 'snapshot', 'timestamp'] as const;

/**
 * What a publication has that the one before had not: keys that may sign for a role, keys of regions and revocations, rules. Roles that no delegation leads
 * to, and what they list, are not there. Files are those that signed files name by hash; their signatures are NOT checked.
 *
 * @param before left out, all that is there
 * @throws SymbolonError `metadata-missing`, `metadata-mismatch`, `metadata-malformed` for targets; what `read` throws because it cannot know
 */
export async function introduced(
  read: ReadFile,
  here: Then,
  before: Then | undefined,
): Promise<readonly PublishedItem[]> {
  const isTouched = touchedBy(here, before);
  const was = before === undefined ? NONE : await delegatedThen(read, before, isTouched);
  const is = await delegatedThen(read, here, (role) => isTouched(role) || !was.keyids.has(role));
  const opened = [...is.metadata].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const listed = await concurrently(opened, async ([role, metadata]) =>
    isKeysRole(role)
      ? newKeys(read, role, metadata, was.metadata.get(role))
      : newRules(read, role, metadata, was.metadata.get(role), isNewRole(before, role)),
  );
  return [...topRoles(here, before), ...delegatedRoles(is, was, before), ...listed.flat()];
}

/** A role that was listed once stays listed (TUF 1.0, section 5.5.5), so one that was taken out and comes back is not new. */
function isNewRole(before: Then | undefined, role: string): boolean {
  return before !== undefined && own(before.meta, `${role}.json`) === undefined;
}

function topRoles({ root }: Then, before: Then | undefined): readonly PublishedItem[] {
  return TOP_ROLES.flatMap((role) => {
    const old = before?.root.signed.roles[role].keyids ?? [];
    const keyids = root.signed.roles[role].keyids.filter((keyid) => !old.includes(keyid));
    return keyids.length === 0 ? [] : [{ role, keyids }];
  });
}

function delegatedRoles(
  is: DelegatedThen,
  was: DelegatedThen,
  before: Then | undefined,
): readonly PublishedItem[] {
  return [...is.keyids]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([role, ids]): PublishedItem[] => {
      const old = was.keyids.get(role);
      const keyids = ids.filter((keyid) => old?.includes(keyid) !== true);
      if (keyids.length === 0) return [];
      // REQ-LOG-018
      return [
        old === undefined && isNewRole(before, role) ? { role, keyids, first: true } : { role, keyids },
      ];
    });
}

/** A key counts by use and by its beginning, so one that changes either is told again. */
async function newKeys(
  read: ReadFile,
  role: string,
  metadata: TargetsMetadata,
  before: TargetsMetadata | undefined,
): Promise<readonly PublishedItem[]> {
  const region = regionOfRole(role);
  const [is, was] = [
    await unlessDamaged(() => keysThen(read, region, metadata), []),
    await unlessDamaged(() => keysThen(read, region, before), []),
  ];
  const keys = is
    .filter(
      (key) =>
        !was.some((old) => old.kid === key.kid && old.use === key.use && old.notBefore === key.notBefore),
    )
    .map(({ kid, use, notBefore }) => ({ kid, use, notBefore }));
  const revoked = is
    .filter((key) => key.revoked !== undefined)
    .map(({ kid }) => kid)
    .filter((kid) => !was.some((old) => old.kid === kid && old.revoked !== undefined));
  return keys.length + revoked.length === 0 ? [] : [{ region, keys, revoked }];
}

/** @param isFirst the region publishes for the first time: its rules need no lead (REQ-RUL-010) */
async function newRules(
  read: ReadFile,
  region: string,
  metadata: TargetsMetadata,
  before: TargetsMetadata | undefined,
  isFirst: boolean,
): Promise<readonly PublishedItem[]> {
  const items: PublishedItem[] = [];
  for (const path of Object.keys(metadata.signed.targets).toSorted()) {
    const scheme = ruleSchemeOfFile(region, path);
    if (scheme === undefined) continue;
    const [now, then] = [own(metadata.signed.targets, path), own(before?.signed.targets ?? {}, path)];
    if (now?.hashes.sha256 === then?.hashes.sha256) continue;
    const is = await unlessDamaged(() => rulesThen(read, region, scheme, metadata), []);
    const was = await unlessDamaged(() => rulesThen(read, region, scheme, before), []);
    const rules = is.filter(
      ({ rule, digest }) => !was.some((old) => old.rule === rule && old.digest === digest),
    );
    if (rules.length > 0)
      items.push(isFirst ? { region, scheme, rules, first: true } : { region, scheme, rules });
  }
  return items;
}
