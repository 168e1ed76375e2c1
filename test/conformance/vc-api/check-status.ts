import type { Instant } from '@symbolon/protocol/instant';
import { decodeBitstring, isSetAt } from '@symbolon/status/bitstring';
import * as z from 'zod/mini';
import { type CheckedCredential, isBitstringEntry } from './credential.ts';
import { Refusal } from './refusal.ts';
import { StatusEntry } from './status-entry.ts';
import type { StatusList } from './status-list.ts';
import { listOf, oneOrMore, read } from './values.ts';

const ListCredential = z.looseObject({
  type: z.array(z.string()).check(z.refine((types) => types.includes('BitstringStatusListCredential'))),
  credentialSubject: z.looseObject({
    type: z.literal('BitstringStatusList'),
    statusPurpose: oneOrMore(z.string()),
    encodedList: z.string(),
  }),
});

/**
 * Reads every status entry from the list that it names (Bitstring Status List 1.0, section 3.2). Only the server's own list can be had; a status
 * that cannot be read is no good one.
 *
 * @throws Refusal
 */
export async function checkStatus(
  { issuer, statusEntries }: CheckedCredential,
  list: StatusList,
  verifiedList: (now: Instant) => Promise<CheckedCredential>,
  now: Instant,
): Promise<void> {
  for (const entry of statusEntries) {
    if (!isBitstringEntry(entry)) throw new Refusal('STATUS_RETRIEVAL_ERROR', 'A status of another kind');
    const {
      statusListCredential,
      statusListIndex,
      statusPurpose,
      statusSize = 1,
    } = read(StatusEntry, entry, 'MALFORMED_VALUE_ERROR');
    if (statusListCredential !== list.url || statusSize !== 1) {
      throw new Refusal('STATUS_RETRIEVAL_ERROR', 'The status list cannot be had here');
    }
    const { document, issuer: listIssuer } = await verifiedList(now);
    // The specification leaves open who may keep a list for whom. Here nobody does for anybody else.
    if (listIssuer !== issuer)
      throw new Refusal('STATUS_VERIFICATION_ERROR', 'The list is of another issuer');
    const { credentialSubject } = read(ListCredential, document, 'STATUS_VERIFICATION_ERROR');
    if (!listOf<string>(credentialSubject.statusPurpose).includes(statusPurpose)) {
      throw new Refusal('STATUS_VERIFICATION_ERROR', 'The list is for another purpose');
    }
    const isSet = isSetAt(await decodeBitstring(credentialSubject.encodedList), Number(statusListIndex));
    if (isSet === undefined) throw new Refusal('RANGE_ERROR', 'The index is outside the list');
    if (isSet) throw new Refusal('STATUS_VERIFICATION_ERROR', 'The credential is revoked');
  }
}
