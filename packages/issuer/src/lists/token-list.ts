import type { Signer } from '@symbolon/keys/signer';
import { equalBytes } from '@symbolon/protocol/bytes';
import { addSeconds, type Instant } from '@symbolon/protocol/instant';
import { issueStatusListToken } from '@symbolon/status/issue';
import { packEntries } from '@symbolon/status/status-list';
import { STATUS_BITS } from '@symbolon/status/status-value';
import { openStatusListToken, parseStatusListToken } from '@symbolon/status/token';
import type { ListFile } from './list-file.ts';
import type { ListState } from './list-state.ts';
import { listId } from './list-uri.ts';

export interface ListTerms {
  readonly signer: Signer;
  readonly ttlSeconds: number;
  readonly readableSeconds: number;
}

export interface PublishedToken {
  readonly kid: string;
  readonly issuedAt: Instant;
  /** Whether it says of every entry what the state says. */
  readonly saysTheSame: boolean;
}

/** The Status List Token of a list (IETF Token Status List). */
export async function issueToken(
  { uri, entries }: ListState,
  { signer, ttlSeconds, readableSeconds }: ListTerms,
  now: Instant,
): Promise<ListFile> {
  const expiresAt = addSeconds(now, readableSeconds);
  const times = { issuedAt: now, expiresAt, ttlSeconds };
  return {
    id: listId(uri),
    text: await issueStatusListToken({ uri, bits: STATUS_BITS, entries, ...times, signer }),
    issuedAt: (text) => parseStatusListToken(text).claims.iat,
  };
}

/** What was published of a list. Our own file: not verified. Nothing, when there is none that can be read: it is then published anew. */
export async function readToken(
  text: string | undefined,
  { entries }: ListState,
): Promise<PublishedToken | undefined> {
  if (text === undefined) return undefined;
  try {
    const parsed = parseStatusListToken(text);
    const published = await openStatusListToken(parsed);
    const wanted = packEntries(STATUS_BITS, entries);
    const saysTheSame = published.bits === wanted.bits && equalBytes(published.bytes, wanted.bytes);
    return { kid: parsed.kid, issuedAt: parsed.claims.iat, saysTheSame };
  } catch {
    return undefined;
  }
}
