import type { Instant } from '@symbolon/protocol/instant';
import { HOUR_SECONDS } from '@symbolon/protocol/instant';
import type { Leaf, PublicationLeaf, PublishedItem } from '@symbolon/protocol/schemas/leaf';
import type { Findings } from '../findings.ts';
import type { NumberedLeaf } from '../log/numbered-leaf.ts';
import type { Brought } from '../registry/brought.ts';
import type { Past, PastRegistry } from '../registry/past.ts';

interface Logged {
  readonly index: number;
  readonly leaf: PublicationLeaf;
}

/**
 * REQ-AUD-004: every publication since the log began is in the log of the registry, in the order of the versions, whole, and with the hash of its file.
 *
 * @param brought what publications brought that is to be in the log, where it could be worked out
 * @param witnessedAt what was published in the hour before may not be in it yet
 */
export function checkPublications(
  others: readonly NumberedLeaf[],
  past: PastRegistry,
  brought: Brought | undefined,
  witnessedAt: Instant | undefined,
  findings: Findings,
): void {
  const logged = others.filter(isPublication);
  for (const { index, leaf } of others) {
    if (leaf.kind !== 'publication') findings.add('leaf-form', 'failed', 'leaf-malformed', `leaf ${index}`);
  }
  const add = (place: string, verdict: 'failed' | 'warning' = 'failed') =>
    findings.add('publications', verdict, 'publication-unlogged', place);
  checkOrder(logged, add);
  const first = logged[0]?.leaf.version;
  if (first === undefined) {
    add('no publication');
    return;
  }
  const byVersion = Map.groupBy(logged, ({ leaf }) => leaf.version);
  const published = new Set([...past.unreadable, ...past.publications.map(({ version }) => version)]);
  for (const each of past.publications) {
    if (each.version < first) continue;
    const leaves = byVersion.get(each.version) ?? [];
    if (leaves.length === 0) {
      const isNew = witnessedAt === undefined || each.at + HOUR_SECONDS > witnessedAt;
      add(`version ${each.version}`, isNew ? 'warning' : 'failed');
    } else checkLeaves(leaves, each, add);
  }
  const newest = past.publications.at(-1)?.version ?? 0;
  for (const { index, leaf } of logged) {
    const isKnown = leaf.version > newest || published.has(leaf.version);
    // A publication that the chain of snapshots does not have was taken back, or never was.
    if (!isKnown && past.isWhole) add(`leaf ${index}, version ${leaf.version} was never published`);
  }
  if (brought === undefined) {
    findings.add('publications', 'unchecked', undefined, 'what each publication brought');
    return;
  }
  const { items, upTo } = brought;
  const known = logged.filter(({ leaf }) => leaf.version <= upTo);
  if (known.length < logged.length)
    findings.add('publications', 'unchecked', undefined, `what publications after version ${upTo} brought`);
  checkItems(known, items, add);
}

function isPublication(each: NumberedLeaf): each is Logged {
  const leaf: Leaf = each.leaf;
  return leaf.kind === 'publication';
}

/** Parts one after the other, versions increasing, and one beginning. */
function checkOrder(logged: readonly Logged[], add: (place: string) => void): void {
  let before: PublicationLeaf | undefined;
  for (const { index, leaf } of logged) {
    const goesOn =
      before?.version === leaf.version && before.part + 1 === leaf.part && before.parts === leaf.parts;
    const begins =
      leaf.part === 1 &&
      (before === undefined || (leaf.version > before.version && before.part === before.parts));
    const isFirst = leaf.first === (before === undefined || (goesOn && before.first));
    if (!(goesOn || begins) || !isFirst) add(`leaf ${index}`);
    before = leaf;
  }
}

function checkLeaves(
  leaves: readonly Logged[],
  { version, sha256 }: Past,
  add: (place: string) => void,
): void {
  const { index, leaf } = leaves[0] ?? {};
  if (leaves.some((each) => each.leaf.sha256 !== sha256)) add(`leaf ${index}, version ${version}`);
  else if (leaf !== undefined && leaves.length !== leaf.parts) add(`version ${version}, some parts`);
}

/** What was brought and what is logged is the same, all publications together: a root may come a publication later than its record says. */
function checkItems(
  logged: readonly Logged[],
  items: readonly PublishedItem[],
  add: (place: string) => void,
): void {
  const brought = new Set(items.flatMap(wordsOf));
  const told = new Set<string>();
  for (const { index, leaf } of logged) {
    for (const words of leaf.items.flatMap(wordsOf)) {
      told.add(words);
      if (!brought.has(words)) add(`leaf ${index}: ${words}`);
    }
  }
  for (const words of brought) if (!told.has(words)) add(`missing: ${words}`);
}

function wordsOf(item: PublishedItem): readonly string[] {
  // REQ-LOG-018, REQ-RUL-010: what says so has no lead to show.
  const first = 'first' in item && item.first === true ? ', the first' : '';
  if ('role' in item)
    return item.keyids.map((keyid) => `role ${item.role} key ${keyid.slice(0, 16)}${first}`);
  if ('rules' in item)
    return item.rules.map(
      ({ rule, digest }) => `${item.region} ${item.scheme} ${rule} ${digest.slice(0, 16)}${first}`,
    );
  return [
    ...item.keys.map(({ kid, use, notBefore }) => `${item.region} ${use} key ${kid} from ${notBefore}`),
    ...item.revoked.map((kid) => `${item.region} key ${kid} revoked`),
  ];
}
