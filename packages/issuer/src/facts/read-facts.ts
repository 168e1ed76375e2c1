import { encodeBase64url } from '@symbolon/protocol/base64url';
import type { Instant } from '@symbolon/protocol/instant';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { JournalStore, SubjectStore } from '../ports.ts';
import { type Publication, schemeOf } from '../publication.ts';
import { operatorKey } from '../statements/operators.ts';
import type { OperatorRef } from '../subjects/journal-entry.ts';
import { checkReason } from '../subjects/reason.ts';
import { livingSubject } from '../subjects/resolve.ts';
import { type FactPorts, openStored } from './open-facts.ts';
import { type ShownFact, showFact } from './show-fact.ts';

export interface ReadPorts extends FactPorts {
  readonly subjects: SubjectStore;
  readonly journal: JournalStore;
  readonly random: RandomBytes;
}

/**
 * An operator reads the facts about a subject. The entry (who, when, why, which scheme) is in the subject's journal before anything is opened: no reading
 * without an entry. A subject that is merged away at that very moment is not read, as its entry might not come along.
 *
 * @throws SymbolonError `operator-unknown` without the role `audit`, `request-malformed` without a reason, `scheme-unknown`, `subject-unknown`,
 *   `subject-merged`
 */
export async function readFacts(
  ports: ReadPorts,
  publication: Publication,
  { subject, scheme, reason }: { subject: string; scheme: string; reason: string },
  by: OperatorRef,
  now: Instant,
): Promise<readonly ShownFact[]> {
  operatorKey(publication.region, by, 'audit');
  checkReason(reason);
  const { id: about } = schemeOf(publication, scheme);
  await livingSubject(ports.subjects, subject);
  const id = `facts-read-${encodeBase64url(ports.random(12))}`;
  await ports.journal.append(subject, { id, at: now, kind: 'facts-read', by, reason, about });
  await livingSubject(ports.subjects, subject);
  const opened = await openStored(ports, about, subject, now);
  return opened.map((each) => showFact(publication, each));
}
