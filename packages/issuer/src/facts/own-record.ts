import type { Instant } from '@symbolon/protocol/instant';
import type { Decision } from '../decisions/decision.ts';
import type { DecisionStore, JournalStore, SubjectStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import type { JournalEntry } from '../subjects/journal-entry.ts';
import { isSo, mergedAway } from '../subjects/merged-entry.ts';
import { resolveSubject } from '../subjects/resolve.ts';
import { type FactPorts, openStored } from './open-facts.ts';
import { type ShownFact, showFact } from './show-fact.ts';

export interface RecordPorts extends FactPorts {
  readonly subjects: SubjectStore;
  readonly journal: JournalStore;
  readonly decisions: DecisionStore;
}

/** All that a region has about a subject. */
export interface OwnRecord {
  readonly subject: string;
  /** Of every scheme, with those that were taken back. */
  readonly facts: readonly ShownFact[];
  /** What was done with the record, each reading by an operator among it, oldest first; of merges those that are so. */
  readonly journal: readonly JournalEntry[];
  /** Of every scheme, oldest first; those too that were made about subjects which were merged into this one. */
  readonly decisions: readonly Decision[];
}

/**
 * What a subject sees of itself. It leaves no entry: it is the subject's own. That it is the subject who asks is NOT checked here.
 *
 * @throws SymbolonError `subject-unknown`
 */
export async function ownRecord(
  ports: RecordPorts,
  publication: Publication,
  id: string,
  now: Instant,
): Promise<OwnRecord> {
  const { subject } = await resolveSubject(ports.subjects, id);
  const schemes = Object.keys(publication.schemes);
  const journal = await ports.journal.list(subject);
  // Whose decisions are shown follows from where they lead, not from what an entry says.
  const merged = await mergedAway(ports, subject);
  const areSo = await Promise.all(journal.map((entry) => isSo(ports.subjects, entry, subject)));
  const facts = await Promise.all(schemes.map((scheme) => openStored(ports, scheme, subject, now)));
  const decisions = await Promise.all(
    [...merged, subject].flatMap((each) => schemes.map((scheme) => ports.decisions.all(each, scheme))),
  );
  return {
    subject,
    facts: facts.flat().map((each) => showFact(publication, each)),
    journal: journal.filter((_, i) => areSo[i]),
    decisions: decisions.flat().toSorted((a, b) => a.decidedAt - b.decidedAt),
  };
}
