import type { Instant } from '@symbolon/protocol/instant';
import { UsageError } from '../usage-error.ts';
import { type AccessToken, requestAccessToken, type TokenOrder } from './access-token.ts';

/** A token is not used in its last seconds: on its way it would end. */
const MARGIN_SECONDS = 60;

/** An access token with one role, that lives at `now`. */
export type OperatorTokens = (role: string, now: Instant) => Promise<string>;

/**
 * Access tokens of an operator, each kept for as long as it lasts: a long intake asks for one every ten minutes, and not for each batch. A token in
 * SYMBOLON_TOKEN is taken as it is, whatever the role.
 *
 * @throws UsageError (on use) when nothing says where tokens come from
 */
export function operatorTokens(
  { endpoint, ...order }: Omit<TokenOrder, 'endpoint' | 'role' | 'now'> & { endpoint: string | undefined },
  request: (order: TokenOrder) => Promise<AccessToken> = requestAccessToken,
): OperatorTokens {
  const kept = new Map<string, AccessToken>();
  return async (role, now) => {
    const given = process.env['SYMBOLON_TOKEN'];
    if (given !== undefined) return given;
    if (endpoint === undefined)
      throw new UsageError(
        'Say where access tokens come from: --token-endpoint URL, or SYMBOLON_TOKEN_ENDPOINT; or give one in SYMBOLON_TOKEN.',
      );
    const before = kept.get(role);
    if (before !== undefined && now + MARGIN_SECONDS < before.expiresAt) return before.token;
    const fresh = await request({ ...order, endpoint, role, now });
    kept.set(role, fresh);
    return fresh.token;
  };
}
