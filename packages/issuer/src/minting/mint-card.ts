import type { Details } from '@symbolon/credential/model';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Decision } from '../decisions/decision.ts';
import type { JournalStore } from '../ports.ts';
import { type Publication, schemeOf } from '../publication.ts';
import type { OperatorRef } from '../subjects/journal-entry.ts';
import type { SubjectProfile } from '../subjects/profile.ts';
import { type MintPorts, mintCredentials } from './mint-credentials.ts';

export interface CardPorts extends MintPorts {
  readonly journal: JournalStore;
}

export interface CardRequest {
  /** The current one. */
  readonly decision: Decision;
  /** Who has it printed. */
  readonly by: OperatorRef;
  /** For a person: a person at a gate compares them, and the printed portrait. An asset has its public name instead. */
  readonly initials?: string;
  readonly contested?: boolean;
}

/**
 * Mints one SD-JWT without a holder key: a person's printed card, or an asset's label. Whoever has a copy can show it, so it takes a scheme that allows it.
 * It is recorded as every mint, in the subject's record too, before it is signed.
 *
 * @returns the SD-JWT with all its disclosures; those of `details`, `initials` or `asset` belong on the card
 * @throws SymbolonError `bearer-not-allowed`, `subject-unknown`, `request-malformed` (initials of an asset, or none of a person), and what
 *   `mintCredentials` throws
 */
export async function mintCard(
  ports: CardPorts,
  publication: Publication,
  { decision, by, initials, contested = false }: CardRequest,
  now: Instant,
): Promise<string> {
  // REQ-BND-012
  if (!schemeOf(publication, decision.scheme).bearer) throw new SymbolonError('bearer-not-allowed');
  const profile = await ports.subjects.profile(decision.subject);
  if (profile === undefined) throw new SymbolonError('subject-unknown');
  const details = whoseCard(profile, initials);
  await ports.journal.append(decision.subject, {
    id: encodeBase64url(ports.random(16)),
    at: now,
    kind: 'card-printed',
    by,
    about: decision.scheme,
  });
  const order = { decision, format: 'dc+sd-jwt', holders: [undefined], details, contested } as const;
  const [card] = await mintCredentials(ports, publication, order, now);
  if (card === undefined) throw new SymbolonError('internal-error');
  return card;
}

function whoseCard(
  { kind, asset }: SubjectProfile,
  initials: string | undefined,
): Omit<Details, 'reason' | 'evidence'> {
  const malformed = kind === 'asset' ? initials !== undefined : initials === undefined;
  if (malformed) throw new SymbolonError('request-malformed', { path: 'initials' });
  return { ...(initials !== undefined && { initials }), ...(asset !== undefined && { asset }) };
}
