import { SymbolonError } from '@symbolon/protocol/errors';
import { bitstringListOf, LIST_PURPOSES, type ListPurpose, tokenListOf } from '@symbolon/protocol/list-names';
import { check, HttpsUrl } from '@symbolon/protocol/schemas/common';
import { StatusEntry } from '@symbolon/protocol/schemas/credential';
import * as z from 'zod/mini';

const [REVOCATION, SUSPENSION] = LIST_PURPOSES;

function entryOf<P extends ListPurpose>(purpose: P) {
  return z.strictObject({
    id: z.string().check(z.maxLength(520)),
    type: z.literal('BitstringStatusListEntry'),
    statusPurpose: z.literal(purpose),
    /** In base 10. */
    statusListIndex: z.string().check(z.regex(/^(?:0|[1-9][0-9]{0,6})$/)),
    statusListCredential: HttpsUrl,
  });
}

/** The two entries of a credential (Bitstring Status List 1.0, section 2.1), in this order. */
export const StatusEntries = z.tuple([entryOf(REVOCATION), entryOf(SUSPENSION)]);
export type StatusEntries = z.output<typeof StatusEntries>;

/** With ids, so that no entry is a blank node. */
export function writeStatusEntries({ idx, uri }: StatusEntry): StatusEntries {
  return [entryFor(REVOCATION, idx, uri), entryFor(SUSPENSION, idx, uri)];
}

/** @throws SymbolonError `claims-malformed` unless both are what is written for one index of one list */
export function readStatusEntries(entries: StatusEntries): StatusEntry {
  const [{ statusListIndex, statusListCredential }] = entries;
  const entry = { idx: Number(statusListIndex), uri: tokenListOf(statusListCredential) };
  const { idx, uri } = check(StatusEntry, entry, 'claims-malformed');
  // REQ-STA-006: two lists of other names, or two indexes, would be two credentials' statuses.
  const isOne = writeStatusEntries({ idx, uri }).every(
    (written, i) =>
      entries[i]?.id === written.id &&
      entries[i]?.statusListIndex === written.statusListIndex &&
      entries[i]?.statusListCredential === written.statusListCredential,
  );
  if (!isOne) throw new SymbolonError('claims-malformed', { path: 'credentialStatus' });
  return { idx, uri };
}

function entryFor<P extends ListPurpose>(statusPurpose: P, idx: number, uri: string) {
  const statusListCredential = bitstringListOf(uri, statusPurpose);
  return {
    id: `${statusListCredential}#${idx}`,
    type: 'BitstringStatusListEntry' as const,
    statusPurpose,
    statusListIndex: String(idx),
    statusListCredential,
  };
}
