import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { DecisionStore, JournalStore, MintStore, SubjectStore } from '../ports.ts';
import { mergedAway } from '../subjects/merged-entry.ts';
import type { Decision } from './decision.ts';
import { isWorse } from './worse.ts';

export interface BeforeMergePorts {
  readonly subjects: SubjectStore;
  readonly journal: JournalStore;
  readonly decisions: Pick<DecisionStore, 'newest'>;
  readonly mints: Pick<MintStore, 'living'>;
}

/**
 * What living credentials of a subject rest on about which nothing was ever decided: they came with a merge, and so did the decision. Where the rules give no level on the union, that
 * status ends by a decision with a leaf of its own, and not unseen. Of several one that is favourable, as its end is what witnesses must see first.
 */
export async function decidedBeforeMerge(
  ports: BeforeMergePorts,
  scheme: Scheme,
  subject: string,
  now: Instant,
): Promise<Decision | undefined> {
  if ((await ports.mints.living(subject, scheme.id, now)).length === 0) return undefined;
  const merged = await mergedAway(ports, subject);
  const newest = await Promise.all(merged.map((each) => ports.decisions.newest(each, scheme.id)));
  const decided = newest.filter((decision) => decision !== undefined);
  const found = decided.find(({ level }) => isWorse(scheme, { level, mode: 'ended' })) ?? decided[0];
  return found && { ...found, subject };
}
