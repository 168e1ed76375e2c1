import type { Decision } from '@symbolon/issuer/decision';
import type { MintRecord } from '@symbolon/issuer/mint-record';
import type { DecisionStore, ListStore, MintStore, SubjectStore } from '@symbolon/issuer/ports';
import type { Instant } from '@symbolon/protocol/instant';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';

/** What a wallet or a verifier has: enough of a credential to ask whether the region knows it. */
export interface IssuedCredential {
  readonly scheme: string;
  readonly level: string;
  readonly rule: string;
  readonly statusEntry?: StatusEntry | undefined;
}

export interface RegionUnderCheck {
  readonly subjects: SubjectStore;
  readonly decisions: DecisionStore;
  readonly mints: MintStore;
  readonly lists: ListStore;
}

export interface Evidence {
  readonly schemes: readonly string[];
  /** Credentials that were handed out and have not expired. */
  readonly credentials: readonly IssuedCredential[];
  /** The value that a published list shows for an entry (0 valid, 1 revoked, 2 suspended); left out, lists were not published. */
  readonly published?: (entry: StatusEntry) => Promise<number | undefined>;
}

/**
 * The one checker of a region after anything has happened to it: no lost decision, no index twice, lists agree with decisions, no credential without decision.
 *
 * @returns every fault, in words; none when all is well
 */
export async function checkRegion(
  region: RegionUnderCheck,
  { schemes, credentials, published }: Evidence,
  now: Instant,
): Promise<string[]> {
  const faults: string[] = [];
  const mints: MintRecord[] = [];
  const entries = new Map<string, string>();
  for (const subject of await everyone(region.subjects)) {
    for (const scheme of schemes) {
      const decisions = await region.decisions.all(subject, scheme);
      faults.push(...gaps(decisions));
      for (const mint of await region.mints.living(subject, scheme, now)) {
        mints.push(mint);
        faults.push(...unfounded(mint, decisions));
        for (const entry of mint.entries) {
          const key = `${entry.uri}#${entry.idx}`;
          const owner = entries.get(key);
          if (owner !== undefined && owner !== mint.id) faults.push(`entry ${key} was given out twice`);
          entries.set(key, mint.id);
        }
        faults.push(...(await disagreement(region.lists, mint, decisions.at(-1), published)));
      }
    }
  }
  const known = new Map(
    mints.flatMap((mint) => mint.entries.map((entry) => [`${entry.uri}#${entry.idx}`, mint] as const)),
  );
  for (const { statusEntry, level, rule, scheme } of credentials) {
    if (statusEntry === undefined) continue;
    const mint = known.get(`${statusEntry.uri}#${statusEntry.idx}`);
    if (mint === undefined) faults.push('a credential was handed out that nothing records');
    else if (mint.level !== level || mint.rule !== rule || mint.scheme !== scheme)
      faults.push('a credential says something else than its decision');
  }
  return faults;
}

async function everyone(subjects: SubjectStore): Promise<string[]> {
  const all: string[] = [];
  let next: string | undefined;
  do {
    const page = await subjects.page(next, 100);
    all.push(...page.subjects);
    next = page.next;
  } while (next !== undefined);
  return all;
}

function gaps(decisions: readonly Decision[]): string[] {
  return decisions.flatMap(({ sequence, scheme }, index) =>
    sequence === index + 1 ? [] : [`decision ${index + 1} of ${scheme} is missing`],
  );
}

function unfounded(mint: MintRecord, decisions: readonly Decision[]): string[] {
  const decision = decisions.find(({ sequence }) => sequence === mint.decision);
  const founded = decision !== undefined && decision.level === mint.level && decision.rule === mint.rule;
  return founded ? [] : [`a batch of ${mint.scheme} has no decision`];
}

/** What another level or rule minted is withdrawn; what the current one minted is not, unless someone revoked it. */
async function disagreement(
  lists: ListStore,
  mint: MintRecord,
  newest: Decision | undefined,
  published: Evidence['published'],
): Promise<string[]> {
  if (newest === undefined) return ['something was minted about someone without a decision'];
  // The same level by another rule: what was withdrawn stays so, and what was not is as good as new.
  const holds = newest.mode !== 'ended' && mint.level === newest.level;
  if (holds && mint.rule !== newest.rule) return [];
  const wanted = holds ? 0 : 2;
  const faults: string[] = [];
  for (const entry of mint.entries) {
    const flags = (await lists.flagged(entry.uri)).find(({ idx }) => idx === entry.idx);
    if (flags?.revoked === true) continue;
    const value = flags?.suspended === true ? 2 : 0;
    if (value !== wanted)
      faults.push(`an entry of level ${mint.level} is ${value} in the store, not ${wanted}`);
    const shown = await published?.(entry);
    if (published !== undefined && shown !== wanted)
      faults.push(`an entry of level ${mint.level} is published as ${shown ?? 'nothing'}, not ${wanted}`);
  }
  return faults;
}
