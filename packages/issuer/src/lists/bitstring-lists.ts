import { addSeconds, type Instant } from '@symbolon/protocol/instant';
import { bitstringListOf, LIST_PURPOSES, type ListPurpose } from '@symbolon/protocol/list-names';
import { encodeBitstring } from '@symbolon/status/bitstring';
import { STATUS } from '@symbolon/status/status-value';
import type { ListPublisher } from '../ports.ts';
import type { ListFile } from './list-file.ts';
import type { ListState } from './list-state.ts';
import { listId } from './list-uri.ts';
import type { ListTerms, PublishedToken } from './token-list.ts';

/** They know no CONTESTED: it shows with the next batch (protocol, section 7). */
const SHOWS: Readonly<Record<ListPurpose, number>> = {
  revocation: STATUS.INVALID,
  suspension: STATUS.SUSPENDED,
};

/** The W3C Bitstring Status Lists of a list: one for each purpose. */
export async function issueBitstrings(
  { uri, entries }: ListState,
  { signer, ttlSeconds, readableSeconds, did }: ListTerms & { readonly did: string },
  now: Instant,
): Promise<ListFile[]> {
  const { issueBitstringList, parseBitstringList } = await jsonLdLists();
  const expiresAt = addSeconds(now, readableSeconds);
  const common = { did, kid: signer.kid, issuedAt: now, expiresAt, ttlSeconds, signer };
  return Promise.all(
    LIST_PURPOSES.map(async (purpose) => {
      const encodedList = await encodeBitstring(entries.map((value) => Number(value === SHOWS[purpose])));
      const order = { ...common, uri: bitstringListOf(uri, purpose), purpose, encodedList };
      return {
        id: listId(order.uri),
        text: await issueBitstringList(order),
        issuedAt: (text) => parseBitstringList(text).issuedAt,
      };
    }),
  );
}

/** Whether the published Bitstring lists are those that were issued with this token: at the same time, so of the same state. */
export async function bitstringsAreOf(
  publisher: ListPublisher,
  { uri }: ListState,
  token: PublishedToken,
): Promise<boolean> {
  const { parseBitstringList } = await jsonLdLists();
  for (const purpose of LIST_PURPOSES) {
    const text = await publisher.read(listId(bitstringListOf(uri, purpose)));
    if (text === undefined) return false;
    try {
      const { kid, issuedAt } = parseBitstringList(text);
      if (kid !== token.kid || issuedAt !== token.issuedAt) return false;
    } catch {
      return false;
    }
  }
  return true;
}

/** Loaded when first asked for: the JSON-LD code is ten times the size of all other code here. */
const jsonLdLists = () => import('@symbolon/credential/bitstring-list');
