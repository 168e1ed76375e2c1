import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { type OperatorTokenOrder, operatorToken } from '@symbolon/local/operator';
import type { Instant } from '@symbolon/protocol/instant';
import { type OperatorName, operatorRef, rolesOf } from './issuer-people.ts';
import { ISSUER } from './issuer-publication.ts';

export const AUTHORIZATION_SERVER = insecurePrivateKeyFromSeed('ES256', 'authorization server');

/** An operator's access token with all the roles that the region file gives them, or with what `order` says. */
export async function tokenOf(
  name: OperatorName,
  now: Instant,
  order: Partial<OperatorTokenOrder> = {},
  server = AUTHORIZATION_SERVER,
): Promise<string> {
  const own = { audience: ISSUER, roles: rolesOf(name), ...(await operatorRef(name)) };
  return operatorToken(server, { ...own, ...order }, now);
}
