import { addSeconds, type Instant } from '@symbolon/protocol/instant';
import { issueCompactList, parseCompactList } from '@symbolon/status/compact-list';
import type { ListPublisher } from '../ports.ts';
import type { ListFile } from './list-file.ts';
import type { ListState } from './list-state.ts';
import { listId } from './list-uri.ts';
import type { ListTerms, PublishedToken } from './token-list.ts';

/** `<id>.compact`: beside the token of the same entries, and never announced: no bundle carries it yet. */
const nameOf = (uri: string) => `${listId(uri)}.compact`;

/** The compact form of a list: for whoever downloads many. */
export async function issueCompact(
  { uri, entries }: ListState,
  { signer, ttlSeconds, readableSeconds }: ListTerms,
  now: Instant,
): Promise<ListFile> {
  const times = { issuedAt: now, expiresAt: addSeconds(now, readableSeconds), ttlSeconds };
  return {
    id: nameOf(uri),
    text: await issueCompactList({ uri, entries, ...times, signer }),
    issuedAt: (text) => parseCompactList(text).claims.iat,
  };
}

/** Whether the published compact list was issued with this token: at the same time, so of the same state. */
export async function compactIsOf(
  publisher: ListPublisher,
  { uri }: ListState,
  token: PublishedToken,
): Promise<boolean> {
  const text = await publisher.read(nameOf(uri));
  if (text === undefined) return false;
  try {
    const { kid, claims } = parseCompactList(text);
    return kid === token.kid && claims.iat === token.issuedAt;
  } catch {
    return false;
  }
}
